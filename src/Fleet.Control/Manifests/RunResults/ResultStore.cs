using System.Runtime.CompilerServices;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Npgsql;

namespace Fleet.Control.Manifests.RunResults;

/// <summary>Reads results by their ids, those of runs under way included.</summary>
internal sealed class ResultStore(NpgsqlDataSource database)
{
    private const int Batch = 100;

    private const string Select =
        $"""
        select id, execution_id, tenant, agent, manifest, version, exit_code, started_at, finished_at, stdout, stderr,
            stdout_truncated, stderr_truncated
        from results where id = any($1)
        union all
        select host.id, host.execution_id, execution.tenant, host.agent, execution.manifest, execution.manifest_version, null,
            state.started_at, null, '', '', false, false
        from execution_hosts host join executions execution on execution.id = host.execution_id
        join {WorkTables.State} state on state.id = host.id
        where host.id = any($1) and host.state = '{HostStates.Open}' and state.state in ('{WorkStates.Running}', '{WorkStates.Cancelling}')
        """;

    /// <summary>In the given order, some at a time: outputs may be large. What is gone meanwhile is left out.</summary>
    public async IAsyncEnumerable<RunResult> Read(
        IReadOnlyList<ResultPlace> places, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var some in places.Chunk(Batch))
        {
            var read = (await Read([.. some.Select(place => place.Id)], stop)).DistinctBy(row => row.Id).ToDictionary(row => row.Id);
            foreach (var place in some)
            {
                if (read.TryGetValue(place.Id, out var row))
                    yield return row;
            }
        }
    }

    public async Task<RunResult?> Find(Guid id, CancellationToken stop) => (await Read([id], stop)).FirstOrDefault();

    private Task<List<RunResult>> Read(Guid[] ids, CancellationToken stop) => database.Query(
        Select,
        row => new RunResult(
            row.GetGuid(0), row.IsDBNull(1) ? null : row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4),
            row.GetString(5), row.IsDBNull(6) ? null : row.GetInt32(6), row.GetFieldValue<DateTimeOffset>(7),
            row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8), row.GetString(9), row.GetString(10), row.GetBoolean(11),
            row.GetBoolean(12)),
        stop, SqlValue.Of(ids));
}

/// <summary>One run of an execution: over, or under way.</summary>
/// <param name="ExitCode">Null while it is under way.</param>
internal sealed record RunResult(
    Guid Id, Guid? ExecutionId, string Tenant, string Agent, string Manifest, string Version, int? ExitCode, DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt, string Stdout, string Stderr, bool StdoutTruncated, bool StderrTruncated);
