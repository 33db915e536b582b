using Fleet.Contracts.Work;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>Ends what schedules started, within a unit: pieces of work, and groups of it.</summary>
internal sealed class OpenWorkCancellation(WorkKinds kinds, Submissions submissions)
{
    public IEnumerable<RowRef> RowsOf(IReadOnlyList<OpenWork> open) =>
        open.Select(RowOf).OfType<RowRef>();

    public async Task Cancel(IReadOnlyList<OpenWork> open, string by, UnitOfWork unit)
    {
        foreach (var one in open)
        {
            if (one.Kind is { } kind)
                await unit.Raise(new CancelWork(one.Id, kind, by));
            else if (GroupsOf(one) is { } groups)
                await groups.Cancel(unit, one.Id, by);
        }
    }

    private RowRef? RowOf(OpenWork one) => one.Kind is { } kind ? kinds.RowOf(kind, one.Id) : GroupsOf(one)?.RowOf(one.Id);

    private IGroupedWork? GroupsOf(OpenWork one) => submissions.Find(one.Started)?.Groups;
}
