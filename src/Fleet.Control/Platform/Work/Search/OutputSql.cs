using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>
/// Looks for a regular expression in what work wrote: each stream is one text, all its attempts after one another, and
/// the expression may match anywhere in it. Of a stream with more bytes than the limit, the first and the last half of
/// the limit count: what went wrong stands at one of the ends.
/// </summary>
internal sealed class OutputSql(SearchSettings settings)
{
    /// <summary>
    /// Made anew by each connection that searches. A process may write bytes that are no text: what is not UTF-8 is read as
    /// Latin-1, and where there are NUL characters, as octal escapes such as <c>\000</c>.
    /// </summary>
    public const string CreateReader =
        """
        create or replace function pg_temp.fleet_text(written bytea) returns text language plpgsql immutable as $$
        begin
            return convert_from(written, 'UTF8');
        exception when others then
            begin
                return convert_from(written, 'LATIN1');
            exception when others then
                return replace(encode(written, 'escape'), '\\', '\');
            end;
        end $$
        """;

    /// <summary>Lines are what <c>^</c> and <c>$</c> mean, and a dot does not cross them.</summary>
    private const string Flags = "'n'";

    public string Find(SqlText sql, Condition condition)
    {
        var stream = condition.Field.Name == "output" ? "" : $" and type = {sql.Value(condition.Field.Name)}";
        var half = sql.Value((long)settings.OutputBytes / 2);
        var patterns = condition.Values.OfType<TextValue>()
            .Select(pattern => $"regexp_like(text, {sql.Value(pattern.Text)}, {Flags})");
        return
            $"""
            exists (
                select from (
                    select pg_temp.fleet_text(string_agg(output, '' order by seq)) as text
                    from (
                        select type, seq, output, octet_length(output) as size,
                               sum(octet_length(output)) over (partition by type order by seq) as reached,
                               sum(octet_length(output)) over (partition by type) as whole
                        from journal where stream = {WorkTables.Rows}.id and output is not null{stream}) chunk
                    where reached <= {half} or whole - reached + size <= {half}
                    group by type offset 0) written
                where {string.Join(" or ", patterns)})
            """;
    }
}
