using Fleet.Control.Platform.Dispatch;
using Npgsql;

namespace Fleet.Control.Jobs;

/// <summary>What the tables say about a job that waits.</summary>
internal sealed class JobQueueFacts(NpgsqlDataSource database)
{
    private const int MostCounted = 100_000;

    private const string InHand =
        $"""
        select id, agent, {InferenceSpecs.CapabilityColumn}, tenant, concurrency_id, sequence_id, upstream, model
        from jobs where state in ('Assigned', 'Running', 'Cancelling') order by assigned_at, id
        """;

    private const string Earlier =
        """
        select id from jobs where state = 'Queued' and sequence_id = $1 and (created_at, id) < ($2, $3)
        order by created_at, id limit 1
        """;

    private static readonly string Ahead = $"select ({CountAhead("gate is null")}) + ({CountAhead(JobFronts.IsLimited)})";

    public async Task<IReadOnlyList<JobInHand>> ListInHand(CancellationToken stop)
    {
        await using var list = database.CreateCommand(InHand);
        await using var reader = await list.ExecuteReaderAsync(stop);
        var jobs = new List<JobInHand>();
        while (await reader.ReadAsync(stop))
        {
            jobs.Add(new JobInHand(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetGuid(4),
                reader.IsDBNull(5) ? null : reader.GetGuid(5),
                reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.IsDBNull(7) ? null : ModelName.Short(reader.GetString(7))));
        }

        return jobs;
    }

    /// <summary>The job's place in its share of the lane, from 1; null where very many come first.</summary>
    public async Task<long?> Position(Job job, CancellationToken stop)
    {
        await using var count = database.CreateCommand(Ahead);
        count.Parameters.Add(new NpgsqlParameter<string> { TypedValue = job.Lane });
        count.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = job.Share });
        count.Parameters.Add(new NpgsqlParameter<long> { TypedValue = job.QueueRank });
        count.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = job.CorrelationId });
        var ahead = (long)(await count.ExecuteScalarAsync(stop))!;
        return ahead > MostCounted ? null : ahead + 1;
    }

    /// <summary>The oldest job that waits in the same sequence and comes first.</summary>
    public async Task<Guid?> EarlierInSequence(Job job, CancellationToken stop)
    {
        await using var find = database.CreateCommand(Earlier);
        find.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = job.SequenceId!.Value });
        find.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = job.CreatedAt.ToUniversalTime() });
        find.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = job.CorrelationId });
        return (Guid?)await find.ExecuteScalarAsync(stop);
    }

    /// <summary>When the pause before the next attempt ends; null when the timer is on its way.</summary>
    public async Task<DateTimeOffset?> RetryAt(Job job, CancellationToken stop)
    {
        await using var find = database.CreateCommand("select deliver_at from outbox where token = $1");
        find.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = job.RetryToken ?? Guid.Empty });
        return await find.ExecuteScalarAsync(stop) is DateTime at ? new DateTimeOffset(at) : null;
    }

    private static string CountAhead(string which) =>
        $"""
        select count(*) from (
            select 1 from jobs
            where state = 'Queued' and ready and {which} and lane = $1 and share = $2 and (queue_rank, id) < ($3, $4)
            limit {MostCounted + 1}) ahead
        """;
}

/// <summary>A job that has a slot.</summary>
internal sealed record JobInHand(
    Guid Id,
    string Agent,
    string Capability,
    string Tenant,
    Guid? Concurrency,
    Guid? Sequence,
    string? Upstream = null,
    string? Model = null);
