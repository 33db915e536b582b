using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Jobs;

/// <summary>Jobs that wait for a slot, and the slots that jobs hold. Both come from partial indexes.</summary>
internal sealed class JobQueue(NpgsqlDataSource database) : IWorkSource
{
    /// <summary>Jumps from lane to lane in the index, however many jobs wait in each.</summary>
    private const string Lanes =
        """
        with recursive lanes as (
            (select lane from jobs where state = 'Queued' and ready and gate {0} order by lane limit 1)
            union all
            select (select lane from jobs where state = 'Queued' and ready and gate {0} and lane > lanes.lane
                    order by lane limit 1)
            from lanes where lanes.lane is not null)
        select lane from lanes where lane is not null
        """;

    /// <summary>Those of what may not start yet, too.</summary>
    public static readonly string AllLanes =
        $"""
        select lane as "Value" from ({LanesWhere("is null")}) free
        union select lane from ({LanesWhere("is not null")}) limited
        union select lane from jobs where state = 'Queued' and not ready
        """;

    private const string Held =
        $"""
        select id, agent, {InferenceSpecs.CapabilityColumn}, upstream, model, {JobKeys.Columns}
        from jobs where state in ('Assigned', 'Running', 'Cancelling')
        """;

    private readonly JobFronts _fronts = new(database);
    private readonly JobGates _gates = new(database);

    public async Task<WorkSituation> Look(CancellationToken stop)
    {
        await using var batch = database.CreateIndexBatch();
        batch.Add(LanesWhere("is null"));
        batch.Add(LanesWhere("is not null"));
        batch.Add(Held);
        await using var reader = await batch.Read(stop);
        var lanes = new HashSet<string>();
        for (var kinds = 2; kinds > 0; kinds--)
        {
            while (await reader.ReadAsync(stop))
                lanes.Add(reader.GetString(0));
            await reader.NextResultAsync(stop);
        }

        var held = new List<HeldSlot>();
        while (await reader.ReadAsync(stop))
        {
            held.Add(new HeldSlot(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetString(2),
                JobKeys.Read(reader, 5),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : ModelName.Short(reader.GetString(4))));
        }

        return new WorkSituation([.. lanes.Select(LaneKey.Read)], held);
    }

    /// <summary>
    /// First what is first by rank; where jobs whose keys are full stand in front of everything, also the first of each
    /// gate. In a sequence, it is the turn of the oldest, whatever is first by rank.
    /// </summary>
    public async Task<LaneFront> Next(string lane, int most, Func<WorkKeys, bool> mayStart, CancellationToken stop)
    {
        var front = await _fronts.Read(lane, most, stop);
        var work = front.Free;
        var isWhole = front.IsWhole;
        foreach (var share in front.Limited)
        {
            var able = await _gates.Turns(lane, share.Work.Where(job => mayStart(job.Keys)), mayStart, stop);
            if (able.Count < most && share.IsCut)
            {
                var (behind, all) = await _gates.LookBehind(lane, share.Id, most, mayStart, stop);
                able = [.. able.Concat(behind).DistinctBy(job => job.Id)];
                isWhole &= all;
            }

            work.AddRange(able);
        }

        return new LaneFront(work, isWhole);
    }

    public Touch Touch(Guid id) => Platform.Persistence.Touch.Of<Job>(id);

    public object Assignment(Guid id, ReadyAgent agent) => JobFacts.Assignment(id, agent);

    private static string LanesWhere(string gate) => Lanes.Replace("{0}", gate, StringComparison.Ordinal);
}
