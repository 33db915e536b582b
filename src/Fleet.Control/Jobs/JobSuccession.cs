using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Jobs;

/// <summary>Of the jobs of one queue key that have not run yet, only the one accepted last is to run.</summary>
internal static class JobSuccession
{
    /// <summary>Filter of the index, and of what is looked up in it.</summary>
    public const string MayBeSuperseded =
        "queue_id is not null and superseded_by is null and state in ('Queued', 'Assigned', 'Running')";

    /// <summary>
    /// Ends what waits under the job's queue key. Whoever accepts another job of the key, in whatever process, waits
    /// until this unit is committed, and then finds it: the last to come here stays.
    /// </summary>
    public static async Task Supersede(this Unit unit, Job newest)
    {
        var queue = newest.QueueId!.Value;
        var line = unit.Claim((nameof(JobSuccession), queue), () => new Line());
        Guid[] older = line.Newest is { } known ? [known] : await Waiting(unit, queue);
        line.Newest = newest.CorrelationId;
        foreach (var id in older)
            await unit.Raise(new SupersedeJob(id, newest.CorrelationId));
    }

    private static async Task<Guid[]> Waiting(Unit unit, Guid queue)
    {
        await unit.Db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({queue.ToString()}, 0))");
        return await unit.Db.Database
            .SqlQueryRaw<Guid>($"select id as \"Value\" from jobs where queue_id = {{0}} and {MayBeSuperseded}", queue)
            .ToArrayAsync();
    }

    /// <summary>What this unit itself put into the line: the database does not know it yet.</summary>
    private sealed class Line
    {
        public Guid? Newest { get; set; }
    }
}
