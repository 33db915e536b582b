using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Platform.Changes;

/// <summary>What there are changes of, and who may see them.</summary>
internal sealed class ChangeKinds(WorkKinds works, IEnumerable<DomainEventTypes> others)
{
    private readonly Dictionary<string, Scope> _scopes = Scopes(works, others);

    /// <summary>Families, and kinds of work within them.</summary>
    private readonly Dictionary<string, string> _families = works.Families
        .SelectMany(family => works.Of(family.Name).Select(kind => (kind, family.Name)))
        .Concat(Scopes(works, others).Keys.Select(family => (family, family)))
        .DistinctBy(pair => pair.Item1).ToDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary>The kinds that a caller asks for; all that he may see where he names none.</summary>
    /// <exception cref="ProblemException">There is no such kind, or his key does not open it.</exception>
    public ChangeChoice Choose(IReadOnlyList<string> asked, Caller caller)
    {
        foreach (var kind in asked)
        {
            if (!_families.TryGetValue(kind, out var family))
            {
                var known = string.Join(' ', _families.Keys.Order(StringComparer.Ordinal));
                throw new ProblemException(Problem.Invalid("kind", $"Kinds are {known}."));
            }

            if (!caller.May(_scopes[family]))
                throw new ProblemException(ScopeNames.Lacking(_scopes[family]));
        }

        var open = _scopes.Where(one => caller.May(one.Value)).Select(one => one.Key).ToHashSet();
        return new ChangeChoice(caller, open, asked.Count == 0 ? null : [.. asked]);
    }

    private static Dictionary<string, Scope> Scopes(WorkKinds works, IEnumerable<DomainEventTypes> others)
    {
        var scopes = works.Families.ToDictionary(family => family.Name, family => family.Scopes.Read);
        foreach (var other in others)
            scopes.TryAdd(other.Family, other.ToSee);
        return scopes;
    }
}

/// <summary>Which changes one watcher gets.</summary>
/// <param name="Kinds">Families and kinds; null means all.</param>
internal sealed record ChangeChoice(Caller Caller, HashSet<string> Families, HashSet<string>? Kinds)
{
    public bool Has(Change change) =>
        Families.Contains(change.Family)
        && (Kinds is null || Kinds.Contains(change.Family) || Kinds.Contains(change.Kind))
        && Caller.MaySee(change.Tenant, change.Owner);
}
