using Fleet.Control.Platform.Access;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Jobs.Search;

/// <summary>Which jobs are meant.</summary>
/// <param name="Tenant">Only those of this tenant; null means every tenant's.</param>
/// <param name="Now">What ages are counted from.</param>
internal sealed record JobChoice(Filter Filter, string? Tenant, DateTimeOffset Now)
{
    public IEnumerable<Condition> Patterns => Filter.Conditions.Where(condition => condition.IsPattern);

    public static JobChoice Of(Filter filter, Caller caller, DateTimeOffset now) =>
        new(filter, caller.MaySeeAll ? null : caller.Tenant, now);
}

/// <summary>A job that was found, in the state in which it was found.</summary>
internal sealed record JobMatch(Guid Id, string State);

/// <summary>A part of what was found, newest first.</summary>
/// <param name="Next">The id to go on after; null at the end.</param>
/// <param name="IsPartial">The time was over before the page was full.</param>
internal sealed record JobMatches(IReadOnlyList<JobMatch> Items, Guid? Next, bool IsPartial);

/// <param name="IsExact">False when the time was over before all were counted: there are at least so many.</param>
/// <param name="Newest">Some of them.</param>
internal sealed record JobCount(
    long Count, bool IsExact, IReadOnlyDictionary<string, long> States, IReadOnlyList<JobMatch> Newest);
