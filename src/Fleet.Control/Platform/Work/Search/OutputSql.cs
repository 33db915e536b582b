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
    /// Made anew by each connection that searches. A process may write bytes that are no text: each byte that is no part of
    /// UTF-8 is read as the character of Latin-1, a NUL as <c>\000</c>, and what stands beside them as it is. The sequences
    /// are those of RFC 3629, 4; U+E000 and U+E001 go around them, because Latin-1 has neither.
    /// </summary>
    public const string CreateReader =
        """
        create or replace function pg_temp.fleet_text(written bytea) returns text language plpgsql immutable as $$
        begin
            return convert_from(written, 'UTF8');
        exception when others then
            if position('\x00'::bytea in written) > 0 then
                written := decode(replace(replace(encode(written, 'escape'), '\\', '\134'), '\000', '\134000'), 'escape');
            end if;
            return (
                select string_agg(
                    convert_from(convert_to(split_part(part, e'\uE001', 1), 'LATIN1'), 'UTF8')
                    || split_part(part, e'\uE001', 2),
                    '' order by place)
                from unnest(string_to_array(e'\uE001' || regexp_replace(
                    convert_from(written, 'LATIN1'),
                    '(?:[\u00c2-\u00df][\u0080-\u00bf]'
                    '|\u00e0[\u00a0-\u00bf][\u0080-\u00bf]|[\u00e1-\u00ec\u00ee\u00ef][\u0080-\u00bf]{2}'
                    '|\u00ed[\u0080-\u009f][\u0080-\u00bf]|\u00f0[\u0090-\u00bf][\u0080-\u00bf]{2}'
                    '|[\u00f1-\u00f3][\u0080-\u00bf]{3}|\u00f4[\u0080-\u008f][\u0080-\u00bf]{2})+',
                    e'\uE000\\&\uE001', 'g'), e'\uE000')) with ordinality parts(part, place));
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
