using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Work.Queue;

/// <summary>Work of every kind that waits for a slot, and the slots that are held.</summary>
internal sealed class WorkQueue(NpgsqlDataSource database, RateStarts starts, WorkKinds kinds)
{
    /// <summary>Jumps from demand to demand in the index, however much waits with each.</summary>
    private const string Demands =
        $$"""
        with recursive demands as (
            (select demand from {{WorkTables.Waiting}} where ready and gate {0} order by demand limit 1)
            union all
            select (select demand from {{WorkTables.Waiting}} where ready and gate {0} and demand > demands.demand
                    order by demand limit 1)
            from demands where demands.demand is not null)
        select demand from demands where demand is not null
        """;

    /// <summary>Those of what may not start yet, too.</summary>
    public static readonly string AllDemands =
        $"""
        select demand from ({DemandsWhere("is null")}) free
        union select demand from ({DemandsWhere("is not null")}) limited
        union select demand from {WorkTables.Waiting} where not ready
        """;

    private const string Held = $"select id, agent, demand, upstream, {KeyColumns.Columns} from {WorkTables.InHand}";

    /// <summary>What wants to have its key alone, which is rare: the first of it keeps later work of the key waiting.</summary>
    private const string Alone =
        $"""
        select concurrency_id, queue_rank, id, demand, created_at from {WorkTables.Waiting}
        where ready and concurrency_id is not null and coalesce(concurrency_limit, 0) = 0
        """;

    private readonly QueueHeads _heads = new(database);
    private readonly LimitedQueues _limited = new(database);

    /// <summary>
    /// What waits, by demand, and what occupies slots now. Work of a kind that only another version of Control knows waits
    /// for that one.
    /// </summary>
    public async Task<WorkSituation> Look(CancellationToken stop)
    {
        await using var batch = database.CreateIndexBatch();
        batch.Add(DemandsWhere("is null"));
        batch.Add(DemandsWhere("is not null"));
        batch.Add(Held);
        batch.Add(Alone);
        await using var reader = await batch.Read(stop);
        var demands = new HashSet<string>();
        for (var sorts = 2; sorts > 0; sorts--)
        {
            while (await reader.ReadAsync(stop))
                demands.Add(reader.GetString(0));
            await reader.NextResultAsync(stop);
        }

        var held = await reader.ReadAll(ReadHeld, stop);
        await reader.NextResultAsync(stop);
        var alone = await reader.ReadAll(
            row => (
                Key: row.GetGuid(0),
                Work: new AloneWork(
                    row.GetInt64(1), row.GetGuid(2), DemandKey.Read(row.GetString(3)), row.GetFieldValue<DateTimeOffset>(4))),
            stop);
        return new WorkSituation(
            [.. demands.Select(DemandKey.Read).Where(IsKnown)],
            held,
            alone.Where(one => IsKnown(one.Work.Demand)).ToLookup(one => one.Key, one => one.Work));
    }

    /// <summary>
    /// The first of each share with this demand, as far as their keys let them start. First what is first by rank; where
    /// work whose keys are full stands in front of everything, also the first of each gate. In a sequence, it is the turn
    /// of the oldest, whatever is first by rank.
    /// </summary>
    public async Task<DemandFront> Next(string demand, int most, Func<WaitingWork, bool> mayStart, CancellationToken stop)
    {
        var head = await _heads.Read(demand, most, stop);
        var work = head.Free;
        var isWhole = head.IsWhole;
        foreach (var share in head.Limited)
        {
            var able = await _limited.Turns(demand, share.Work.Where(mayStart), mayStart, stop);
            if (able.Count < most && share.IsCut)
            {
                var (behind, all) = await _limited.LookBehind(demand, share.Id, most, mayStart, stop);
                able = [.. able.Concat(behind).DistinctBy(one => one.Id)];
                isWhole &= all;
            }

            work.AddRange(able);
        }

        return new DemandFront(work, isWhole);
    }

    /// <summary>What started lately under rate keys.</summary>
    public Task<IReadOnlyList<WorkStart>> Starts(CancellationToken stop) => starts.List(stop);

    private bool IsKnown(DemandClass demand) => kinds.Find(demand.Kind) is not null;

    private static HeldSlot ReadHeld(NpgsqlDataReader reader) => HeldSlot.Of(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.GetString(2),
        KeyColumns.Read(reader, 4),
        reader.IsDBNull(3) ? null : reader.GetString(3));

    private static string DemandsWhere(string gate) => Demands.Replace("{0}", gate, StringComparison.Ordinal);
}
