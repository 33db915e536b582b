using Fleet.Contracts.Work;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Lifecycles;
using Fleet.Control.Platform.Work.Queue;
using Fleet.Control.Platform.Work.Search;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>What became of one piece of work.</summary>
internal enum BulkOutcome
{
    Done,
    Skipped,

    /// <summary>It is in another state than the one in which it was found: the filter has to be asked again.</summary>
    Moved,

    Failed,
}

/// <summary>Does one run's action to one piece of work, through its lifecycle. Doing it again changes nothing.</summary>
/// <param name="by">Who asked, for the journal.</param>
/// <param name="standing">With <see cref="BulkAction.Retry"/>: the agents at this time.</param>
internal sealed class BulkEffect(
    BulkRun run, BulkParameters parameters, string by, WorkKinds kinds, IReadOnlyList<AgentStanding> standing)
{
    private readonly IWorkFamily _family = kinds.Families.Single(family => family.Name == run.Family);
    private readonly BulkAction _action = Enum.Parse<BulkAction>(run.Action);

    public IEnumerable<RowRef> Rows(Guid work) => _action == BulkAction.Retry
        ? [new RowRef(_family.Row, work), new RowRef(_family.Row, BulkIds.CopyOf(work, run.CorrelationId))]
        : [new RowRef(_family.Row, work)];

    public async Task<BulkOutcome> Apply(WorkMatch match, UnitOfWork unit)
    {
        if (await unit.Find(new RowRef(_family.Row, match.Id)) is not WorkRow work)
            return BulkOutcome.Skipped;
        if (work.State != match.State)
            return BulkOutcome.Moved;
        var isOver = WorkStates.IsOver(work.State);
        return _action switch
        {
            BulkAction.Cancel when !isOver => await Raise(unit, new CancelWork(work.CorrelationId, work.Kind, by)),
            BulkAction.Reprioritise when !isOver && work.Priority != parameters.Priority =>
                await Raise(unit, new ReprioritiseWork(work.CorrelationId, work.Kind, parameters.Priority!.Value, by)),
            BulkAction.Retry when isOver && kinds.IsRepeatable(work.Kind) => await Repeat(work, unit),
            BulkAction.Relabel => await Relabel(work, unit),
            _ => BulkOutcome.Skipped,
        };
    }

    private async Task<BulkOutcome> Repeat(WorkRow work, UnitOfWork unit)
    {
        var copy = work.Again(BulkIds.CopyOf(work.CorrelationId, run.CorrelationId));
        if (await unit.Find(new RowRef(_family.Row, copy.WorkId)) is not null)
            return BulkOutcome.Done;
        await unit.Raise(copy);
        if (work.Offline == OfflineTerms.Skip && WorkAgents.IsAway(DemandKey.Read(work.Demand), standing))
            await unit.Raise(new SkipWork(copy.WorkId, copy.Kind));
        return BulkOutcome.Done;
    }

    private async Task<BulkOutcome> Relabel(WorkRow work, UnitOfWork unit) =>
        work.Relabel(parameters.Labels!, by) is not { } change ? BulkOutcome.Skipped
        : work.HasRoomFor(change) ? await Raise(unit, change)
        : BulkOutcome.Failed;

    private static async Task<BulkOutcome> Raise(UnitOfWork unit, IWorkMessage message)
    {
        await unit.Raise(message);
        return BulkOutcome.Done;
    }
}
