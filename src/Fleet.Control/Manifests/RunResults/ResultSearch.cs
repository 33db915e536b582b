using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Search;
using Npgsql;

namespace Fleet.Control.Manifests.RunResults;

/// <summary>
/// Looks for results in all there are, newest first, within a time. The database narrows down, by its indexes, what can match at all;
/// what is left is matched here. First the newest are looked at in their order, since a frequent text is among them; then what an
/// index of trigrams has of the texts that every match holds.
/// </summary>
internal sealed class ResultSearch(SearchDatabase database, SearchSettings settings, TimeProvider clock)
{
    private const int FirstBatch = 500;
    private const int LargestBatch = 20_000;

    /// <summary>After so many that were looked at in their order, the index is asked for the rest.</summary>
    private const int InOrder = 2000;

    /// <param name="after">The last that was found before; null from the newest.</param>
    /// <exception cref="ProblemException">There is no turn to be had.</exception>
    public async Task<FoundResults> Find(ResultQuery query, ResultPlace? after, int most, CancellationToken stop)
    {
        await using var turn = await database.Patient(stop)
            ?? throw new ProblemException(Problem.Unavailable("search_busy", "Others are searching; try again soon."));
        var look = new Look(turn.Connection, query, clock, TimeSpan.FromSeconds(settings.TimeLimitSeconds));
        var found = new List<ResultPlace>();
        var isWhole = true;
        try
        {
            if (query.Status is null or ResultQuery.Running)
                found.AddRange(await look.Running(after, stop));
            if (query.Status != ResultQuery.Running)
                isWhole = await Finished(look, found, query, after, most, stop);
        }
        catch (PostgresException over) when (SearchScan.IsOverTime(over) && !stop.IsCancellationRequested)
        {
            isWhole = false;
        }
        catch (RegexMatchTimeoutException)
        {
            isWhole = false;
        }

        return new FoundResults(
            [.. found.OrderByDescending(place => place.StartedAt).ThenByDescending(place => place.Id).Take(most)],
            isWhole || found.Count >= most);
    }

    /// <summary>422, for wires that know no partial answers.</summary>
    public ProblemException TookTooLong() => new(new ProblemResult(422, "search_timeout", string.Create(
        CultureInfo.InvariantCulture,
        $"The search was ended after {settings.TimeLimitSeconds} s: name a longer literal text in it, a status, or since when.")));

    /// <returns>False when the time was over before.</returns>
    private static async Task<bool> Finished(
        Look look, List<ResultPlace> found, ResultQuery query, ResultPlace? after, int most, CancellationToken stop)
    {
        var wanted = (long)found.Count + most;
        var (last, size, seen) = (after, FirstBatch, 0);
        var hasIndex = query.Stdout is { Needed.Count: > 0 } || query.Stderr is { Needed.Count: > 0 };
        while (!hasIndex || seen < InOrder)
        {
            var batch = await look.Batch(last, size, byIndex: false, found, stop);
            if (batch is null)
                return false;
            if (found.Count >= wanted || batch.Value.Rows < size)
                return true;
            (last, seen) = (batch.Value.Last, seen + batch.Value.Rows);
            size = Math.Min(LargestBatch, size * 2);
        }

        while (await look.Batch(last, size, byIndex: true, found, stop) is { } batch)
        {
            if (found.Count >= wanted || batch.Rows < size)
                return true;
            last = batch.Last;
        }

        return false;
    }

    /// <summary>One request's way through the results.</summary>
    private sealed class Look(NpgsqlConnection connection, ResultQuery query, TimeProvider clock, TimeSpan limit)
    {
        private readonly long _start = clock.GetTimestamp();

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

        private bool Matches(NpgsqlDataReader row) =>
            query.Agent?.IsMatch(row.GetString(2)) != false
            && query.Manifest?.IsMatch(row.GetString(3)) != false
            && query.Execution?.IsMatch(row.IsDBNull(4) ? "" : row.GetGuid(4).ToString()) != false;

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
}
