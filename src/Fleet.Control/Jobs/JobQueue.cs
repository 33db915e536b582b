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
            (select lane from jobs where state = 'Queued' and ready order by lane limit 1)
            union all
            select (select lane from jobs where state = 'Queued' and ready and lane > lanes.lane order by lane limit 1)
            from lanes where lanes.lane is not null)
        select lane from lanes where lane is not null
        """;

    private const string Held =
        "select id, agent, kind from jobs where state in ('Assigned', 'Running', 'Cancelling')";

    private const string NextOfLane =
        """
        select id, queue_rank from jobs
        where state = 'Queued' and ready and lane = $1 order by queue_rank, id limit $2
        """;

    public async Task<WorkSituation> Look(CancellationToken stop)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lanes));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Held));
        await using var reader = await batch.ExecuteReaderAsync(stop);
        var lanes = new List<WorkLane>();
        while (await reader.ReadAsync(stop))
            lanes.Add(LaneKey.Read(reader.GetString(0)));
        await reader.NextResultAsync(stop);
        var held = new List<HeldSlot>();
        while (await reader.ReadAsync(stop))
            held.Add(new HeldSlot(reader.GetGuid(0), reader.GetString(1), reader.GetString(2)));
        return new WorkSituation(lanes, held);
    }

    public async Task<IReadOnlyList<WaitingWork>> Next(string lane, int most, CancellationToken stop)
    {
        await using var next = database.CreateCommand(NextOfLane);
        next.Parameters.Add(new NpgsqlParameter<string> { TypedValue = lane });
        next.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        await using var reader = await next.ExecuteReaderAsync(stop);
        var waiting = new List<WaitingWork>();
        while (await reader.ReadAsync(stop))
            waiting.Add(new WaitingWork(reader.GetGuid(0), reader.GetInt64(1)));
        return waiting;
    }

    public Touch Touch(Guid id) => Platform.Persistence.Touch.Of<Job>(id);

    public object Assignment(Guid id, ReadyAgent agent) => JobFacts.Assignment(id, agent);
}
