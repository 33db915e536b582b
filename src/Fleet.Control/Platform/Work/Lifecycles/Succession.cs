using Fleet.Contracts.Work;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>Of the work of one queue key that has not run yet, only what was accepted last is to run.</summary>
internal static class Succession
{
    /// <summary>Filter of the indexes, and of what is looked up in them.</summary>
    public const string MayBeSuperseded = "queue_id is not null and superseded_by is null";

    private const string Older =
        $"""
        select id, kind from {WorkTables.Waiting} where queue_id = $1 and {MayBeSuperseded}
        union all
        select id, kind from {WorkTables.InHand} where queue_id = $1 and {MayBeSuperseded} and state <> '{WorkStates.Cancelling}'
        """;

    /// <summary>
    /// Ends what waits under the work's queue key. Whoever accepts other work of the key, in whatever process, waits
    /// until this unit is committed, and then finds it: the last to come here stays.
    /// </summary>
    public static async Task Supersede(this UnitOfWork unit, WorkRow newest)
    {
        var queue = newest.QueueId!.Value;
        var line = unit.Claim((nameof(Succession), queue), () => new Line());
        var older = line.Newest is { } known ? [known] : await Waiting(unit, queue);
        line.Newest = (newest.CorrelationId, newest.Kind);
        foreach (var (id, kind) in older)
            await unit.Raise(new SupersedeWork(id, kind, newest.CorrelationId));
    }

    private static async Task<List<(Guid Id, string Kind)>> Waiting(UnitOfWork unit, Guid queue)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)unit.Db.Database.GetDbConnection());
        batch.Add("select pg_advisory_xact_lock(hashtextextended($1, 0))", SqlValue.Of(queue.ToString()));
        batch.Add(Older, SqlValue.Of(queue));
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        var older = new List<(Guid, string)>();
        while (await reader.ReadAsync())
            older.Add((reader.GetGuid(0), reader.GetString(1)));
        return older;
    }

    /// <summary>What this unit itself put into the line: the database does not know it yet.</summary>
    private sealed class Line
    {
        public (Guid Id, string Kind)? Newest { get; set; }
    }
}
