using System.Globalization;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Search;
using Npgsql;

namespace Fleet.Control.Manifests.RunResults;

/// <summary>One request's way through the results.</summary>
internal sealed class ResultLook(NpgsqlConnection connection, ResultQuery query, TimeProvider clock, TimeSpan limit)
{
    private readonly long _start = clock.GetTimestamp();
    private string[]? _agents;
    private string[]? _manifests;

    private TimeSpan Left => limit - clock.GetElapsedTime(_start);

    /// <summary>What runs now, as far as it is wanted: it has written nothing that is searched.</summary>
    public async Task<List<ResultPlace>> Running(ResultPlace? after, CancellationToken stop)
    {
        if (query.Stdout?.IsMatch("") == false || query.Stderr?.IsMatch("") == false)
            return [];
        var sql = new SqlText().Add(
            $"""
            select host.id, state.started_at, host.agent, execution.manifest, execution.id
            from execution_hosts host join {WorkTables.InHand} state on state.id = host.id
            join executions execution on execution.id = host.execution_id
            where host.state = '{HostStates.Open}' and state.state in ('{WorkStates.Running}', '{WorkStates.Cancelling}')
            """);
        Bound(sql, "state.started_at", "host.id", "execution.tenant", after);
        var found = new List<ResultPlace>();
        await foreach (var row in Read(sql, stop))
        {
            if (Matches(row))
                found.Add(new ResultPlace(row.GetFieldValue<DateTimeOffset>(1), row.GetGuid(0)));
        }

        return found;
    }

    /// <summary>From now on only rows are read whose names can match.</summary>
    public async Task Narrow(CancellationToken stop)
    {
        _agents = await Chosen("agent", query.Agent, stop);
        _manifests = await Chosen("manifest", query.Manifest, stop);
    }

    /// <summary>The next rows that can match at all, and which of them do.</summary>
    /// <returns>Null when the time is over.</returns>
    public async Task<(int Rows, ResultPlace? Last)?> Batch(
        ResultPlace? after, int size, bool byIndex, List<ResultPlace> found, CancellationToken stop)
    {
        var sql = new SqlText().Add(byIndex ? "with found as materialized (" : "");
        sql.Add("select id, started_at, agent, manifest, execution_id")
            .Add(query.Stdout is null ? ", ''" : ", stdout").Add(query.Stderr is null ? ", ''" : ", stderr")
            .Add(" from results where true");
        Bound(sql, "started_at", "id", "tenant", after);
        if (query.Status is { } status)
            sql.Add(status == ResultQuery.Success ? " and exit_code = 0" : " and exit_code <> 0");
        foreach (var (column, names) in ((string, string[]?)[])[("agent", _agents), ("manifest", _manifests)])
        {
            if (names is not null)
                sql.Add($" and {column} = any(").AddValue(names).Add(")");
        }

        if (byIndex)
            AddNeeded(sql);
        sql.Add(byIndex ? ") select * from found" : "");
        sql.Add(" order by started_at desc, id desc limit ").AddValue((long)size);
        var (rows, last) = (0, after);
        await foreach (var row in Read(sql, stop))
        {
            rows++;
            last = new ResultPlace(row.GetFieldValue<DateTimeOffset>(1), row.GetGuid(0));
            if (Matches(row) && query.Stdout?.IsMatch(row.GetString(5)) != false && query.Stderr?.IsMatch(row.GetString(6)) != false)
                found.Add(last.Value);
            if ((rows & 7) == 0 && Left <= TimeSpan.Zero)
                return null;
        }

        return (rows, last);
    }

    /// <returns>Null where that would leave most of them.</returns>
    private async Task<string[]?> Chosen(string column, Protocol.Patterns.Pattern? pattern, CancellationToken stop)
    {
        if (pattern is null)
            return null;
        var names = new List<string>();
        await foreach (var row in Read(ResultNames.Of(column), stop))
            names.Add(row.GetString(0));
        var chosen = names.Where(name => pattern.IsMatch(name)).ToArray();
        return names.Count > ResultNames.Most || chosen.Length > names.Count / 2 ? null : chosen;
    }

    private bool Matches(NpgsqlDataReader row) =>
        query.Agent?.IsMatch(row.GetString(2)) != false
        && query.Manifest?.IsMatch(row.GetString(3)) != false
        && query.Execution?.IsMatch(row.IsDBNull(4) ? "" : query.WriteId(row.GetGuid(4))) != false;

    private void AddNeeded(SqlText sql)
    {
        foreach (var (column, pattern) in ((string, Protocol.Patterns.Pattern?)[])[("stdout", query.Stdout), ("stderr", query.Stderr)])
        {
            foreach (var text in pattern?.Needed ?? [])
                sql.Add($" and {column} ilike ").AddValue($"%{Escaped(text)}%");
        }
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private void Bound(SqlText sql, string started, string id, string tenant, ResultPlace? after)
    {
        if (query.Tenant is { } own)
            sql.Add($" and {tenant} = ").AddValue(own);
        if (query.Since is { } since)
            sql.Add($" and {started} >= ").AddValue(since.UtcDateTime);
        if (after is { } place)
            sql.Add($" and ({started}, {id}) < (").AddValue(place.StartedAt.UtcDateTime).Add(", ").AddValue(place.Id).Add(")");
    }

    private async IAsyncEnumerable<NpgsqlDataReader> Read(
        SqlText sql, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var milliseconds = (long)Math.Max(1, Left.TotalMilliseconds);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new SqlText().Add("select set_config('statement_timeout', ")
            .AddValue(milliseconds.ToString(CultureInfo.InvariantCulture)).Add(", false)").ToCommand());
        batch.BatchCommands.Add(sql.ToCommand());
        await using var reader = await batch.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            yield return reader;
    }
}
