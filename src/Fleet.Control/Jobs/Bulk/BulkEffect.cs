using Fleet.Contracts.Jobs;
using Fleet.Control.Jobs.Search;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Jobs.Bulk;

/// <summary>What became of one job.</summary>
internal enum BulkOutcome
{
    Done,
    Skipped,

    /// <summary>It is in another state than the one in which it was found: the filter has to be asked again.</summary>
    Moved,

    Failed,
}

/// <summary>Does one run's action to one job, through the job's lifecycle. Doing it again changes nothing.</summary>
/// <param name="by">Who asked, for the journal.</param>
/// <param name="standing">With <see cref="BulkAction.Retry"/>: the agents at this time.</param>
internal sealed class BulkEffect(
    BulkRun run, BulkParameters parameters, string by, IReadOnlyList<AgentStanding> standing)
{
    private readonly BulkAction _action = Enum.Parse<BulkAction>(run.Action);

    public IEnumerable<Touch> Touches(Guid job) => _action == BulkAction.Retry
        ? [Touch.Of<Job>(job), Touch.Of<Job>(BulkIds.CopyOf(job, run.CorrelationId))]
        : [Touch.Of<Job>(job)];

    public async Task<BulkOutcome> Apply(JobMatch match, Unit unit)
    {
        if (await unit.Find<Job>(match.Id) is not { } job)
            return BulkOutcome.Skipped;
        if (job.State != match.State)
            return BulkOutcome.Moved;
        var isOver = JobWords.IsTerminal(job.State);
        return _action switch
        {
            BulkAction.Cancel when !isOver => await Raise(unit, new CancelJob(job.CorrelationId, by)),
            BulkAction.Reprioritise when !isOver && job.Priority != parameters.Priority =>
                await Raise(unit, new ReprioritiseJob(job.CorrelationId, parameters.Priority!.Value, by)),
            BulkAction.Retry when isOver => await Repeat(job, unit),
            BulkAction.Relabel => await Relabel(job, unit),
            _ => BulkOutcome.Skipped,
        };
    }

    private async Task<BulkOutcome> Repeat(Job job, Unit unit)
    {
        var copy = job.Again(BulkIds.CopyOf(job.CorrelationId, run.CorrelationId));
        if (await unit.Find<Job>(copy.JobId) is not null)
            return BulkOutcome.Done;
        await unit.Raise(copy);
        if (job.Offline == "skip" && JobAgents.IsAway(LaneKey.Read(job.Lane), standing))
            await unit.Raise(new SkipJob(copy.JobId));
        return BulkOutcome.Done;
    }

    private async Task<BulkOutcome> Relabel(Job job, Unit unit) =>
        job.Relabel(parameters.Labels!, by) is not { } change ? BulkOutcome.Skipped
        : job.HasRoomFor(change) ? await Raise(unit, change)
        : BulkOutcome.Failed;

    private static async Task<BulkOutcome> Raise(Unit unit, object message)
    {
        await unit.Raise(message);
        return BulkOutcome.Done;
    }
}
