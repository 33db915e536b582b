using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Work.Queue;

/// <summary>What the tables say about work that waits.</summary>
internal sealed class QueueQueries(NpgsqlDataSource database)
{
    private const int MostCounted = 100_000;

    private const string InHand =
        $"""
        select held.id, held.agent, held.demand, work.tenant, held.concurrency_id, held.sequence_id, held.upstream,
            held.concurrency_id is not null and coalesce(held.concurrency_limit, 0) = 0
        from {WorkTables.InHand} held
        cross join lateral (select tenant from {WorkTables.Facts} where id = held.id offset 0) work
        order by held.assigned_at, held.id
        """;

    private const string Earlier =
        $"""
        select id from {WorkTables.Waiting} where sequence_id = $1 and (created_at, id) < ($2, $3)
        order by created_at, id limit 1
        """;

    private const string AloneFirst =
        $"""
        select queue_rank, id, demand, created_at from {WorkTables.Waiting}
        where ready and concurrency_id = $1 and coalesce(concurrency_limit, 0) = 0 and (queue_rank, id) < ($2, $3)
        order by queue_rank, id
        """;

    private static readonly string Ahead = $"select ({CountAhead("gate is null")}) + ({CountAhead(QueueHeads.IsLimited)})";

    public async Task<IReadOnlyList<WorkInHand>> ListInHand(CancellationToken stop)
    {
        await using var batch = database.CreateIndexBatch();
        batch.Add(InHand);
        await using var reader = await batch.Read(stop);
        return await reader.ReadAll(ReadInHand, stop);
    }

    /// <summary>The work's place in its share of what has the same demand, from 1; null where very many come first.</summary>
    public async Task<long?> Position(WorkRow work, CancellationToken stop)
    {
        var ahead = (long)(await database.Scalar(
            Ahead, stop,
            SqlValue.Of(work.Demand), SqlValue.Of(work.Share), SqlValue.Of(work.QueueRank), SqlValue.Of(work.CorrelationId)))!;
        return ahead > MostCounted ? null : ahead + 1;
    }

    /// <summary>The oldest that waits in the same sequence and comes first.</summary>
    public async Task<Guid?> EarlierInSequence(WorkRow work, CancellationToken stop) => (Guid?)await database.Scalar(
        Earlier, stop, SqlValue.Of(work.SequenceId!.Value), SqlValue.Of(work.CreatedAt), SqlValue.Of(work.CorrelationId));

    /// <summary>What waits to have the work's key alone, and comes before it: the first of all first.</summary>
    public async Task<IReadOnlyList<AloneWork>> AloneAhead(WorkRow work, CancellationToken stop) => await database.Query(
        AloneFirst,
        row => new AloneWork(
            row.GetInt64(0), row.GetGuid(1), DemandKey.Read(row.GetString(2)), row.GetFieldValue<DateTimeOffset>(3)),
        stop,
        SqlValue.Of(work.ConcurrencyId!.Value), SqlValue.Of(work.QueueRank), SqlValue.Of(work.CorrelationId));

    /// <summary>Whether nothing that waits comes first in the sequence, as the unit's transaction sees it.</summary>
    public static async Task<bool> IsFirst(UnitOfWork unit, Guid sequence, DateTimeOffset createdAt, Guid id)
    {
        await using var earlier = unit.Db.CreateCommand(
            Earlier, SqlValue.Of(sequence), SqlValue.Of(createdAt), SqlValue.Of(id));
        return await earlier.ExecuteScalarAsync() is null;
    }

    /// <summary>When the pause before the next attempt ends; null when the timer is on its way.</summary>
    public async Task<DateTimeOffset?> RetryAt(WorkRow work, CancellationToken stop) => await database.Scalar(
        "select deliver_at from outbox where token = $1", stop, SqlValue.Of(work.RetryToken ?? Guid.Empty)) is DateTime at
        ? new DateTimeOffset(at)
        : null;

    private static WorkInHand ReadInHand(NpgsqlDataReader reader)
    {
        var demand = DemandKey.Read(reader.GetString(2));
        return new WorkInHand(
            reader.GetGuid(0),
            reader.GetString(1),
            demand.Capability,
            reader.GetString(3),
            reader.IsDBNull(4) ? null : reader.GetGuid(4),
            reader.IsDBNull(5) ? null : reader.GetGuid(5),
            reader.IsDBNull(6) ? null : reader.GetString(6),
            demand.Model,
            reader.GetBoolean(7));
    }

    private static string CountAhead(string which) =>
        $"""
        select count(*) from (
            select 1 from {WorkTables.Waiting}
            where ready and {which} and demand = $1 and share = $2 and (queue_rank, id) < ($3, $4)
            limit {MostCounted + 1}) ahead
        """;
}

/// <summary>Work that has a slot.</summary>
/// <param name="IsAlone">Nothing of its concurrency key may start beside it.</param>
internal sealed record WorkInHand(
    Guid Id,
    string Agent,
    string Capability,
    string Tenant,
    Guid? Concurrency,
    Guid? Sequence,
    string? Upstream = null,
    string? Model = null,
    bool IsAlone = false);
