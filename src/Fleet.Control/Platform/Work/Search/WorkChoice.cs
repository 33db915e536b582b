using Fleet.Control.Platform.Access;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>Which work is meant.</summary>
/// <param name="Tenant">Only those of this tenant; null means every tenant's.</param>
/// <param name="Now">What ages are counted from.</param>
/// <param name="Family">Only work of this family.</param>
/// <param name="Owner">Only work of this key, where each key sees its own alone.</param>
internal sealed record WorkChoice(Filter Filter, string? Tenant, string Family, DateTimeOffset Now, Guid? Owner = null)
{
    public IEnumerable<Condition> Patterns => Filter.Conditions.Where(condition => condition.IsPattern);

    public static WorkChoice Of(Filter filter, IWorkFamily family, Caller caller, DateTimeOffset now) =>
        family.IsPrivate
            ? new(filter, caller.Tenant, family.Name, now, caller.KeyId)
            : new(filter, caller.MaySeeAll ? null : caller.Tenant, family.Name, now);
}

/// <summary>Work that was found, in the state in which it was found.</summary>
internal sealed record WorkMatch(Guid Id, string State);

/// <summary>A part of what was found, newest first.</summary>
/// <param name="Next">The id to go on after; null at the end.</param>
/// <param name="IsPartial">The time was over before the page was full.</param>
internal sealed record WorkMatches(IReadOnlyList<WorkMatch> Items, Guid? Next, bool IsPartial);

/// <param name="IsExact">False when the time was over before all were counted: there are at least so many.</param>
/// <param name="Newest">Some of them.</param>
internal sealed record WorkCount(
    long Count, bool IsExact, IReadOnlyDictionary<string, long> States, IReadOnlyList<WorkMatch> Newest);
