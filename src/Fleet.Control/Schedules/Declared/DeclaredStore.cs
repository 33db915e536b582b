using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Schedules.Declared;

/// <summary>The schedules that other slices have, as far as the caller may see them.</summary>
internal sealed class DeclaredStore(IEnumerable<IDeclaredSchedules> sources, OccurrenceStore occurrences)
{
    /// <summary>Null when there is none, or none for this caller.</summary>
    public async Task<DeclaredHit?> Find(string wireId, Caller caller, CancellationToken stop)
    {
        return WireId.TryParse(wireId, out var id) && await Find(id, stop) is { } found && caller.MaySee(found.Schedule.Tenant)
            ? found
            : null;
    }

    /// <summary>Null when there is none.</summary>
    public async Task<DeclaredHit?> Find(Guid id, CancellationToken stop)
    {
        foreach (var source in sources)
        {
            if (await source.Find(id, stop) is { } found)
                return new DeclaredHit(source, found);
        }

        return null;
    }

    /// <summary>Newest first.</summary>
    /// <param name="before">Only those with a smaller id.</param>
    public async Task<List<DeclaredSchedule>> List(string? name, Guid? before, int most, Caller caller, CancellationToken stop)
    {
        var all = new List<DeclaredSchedule>();
        foreach (var source in sources)
            all.AddRange(await source.List(caller.MaySeeAll ? null : caller.Tenant, name, before, most, stop));
        return all;
    }

    public async Task<Guid[]> Ids(CancellationToken stop)
    {
        var all = new List<Guid>();
        foreach (var source in sources)
            all.AddRange(await source.Ids(stop));
        return [.. all];
    }

    /// <summary>With all that is shown of a single one.</summary>
    public async Task<ScheduleView> View(DeclaredSchedule schedule, CancellationToken stop)
    {
        var (last, rate, failures) = (
            occurrences.Last([schedule.Id], stop), occurrences.SuccessRate(schedule.Id, stop), occurrences.Failures([schedule.Id], stop));
        await Task.WhenAll(last, rate, failures);
        return DeclaredView.Of(schedule, (await last).GetValueOrDefault(schedule.Id), (await failures).GetValueOrDefault(schedule.Id)) with
        {
            SuccessRate = await rate,
        };
    }
}

/// <summary>A schedule, and the slice that has it.</summary>
internal sealed record DeclaredHit(IDeclaredSchedules Source, DeclaredSchedule Schedule);
