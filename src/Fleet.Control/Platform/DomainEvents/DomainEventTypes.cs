using Fleet.Control.Platform.Access;

namespace Fleet.Control.Platform.DomainEvents;

/// <summary>What a slice announces: nobody can wait for what never comes.</summary>
/// <param name="Family">The word before the dot: <c>job</c>.</param>
/// <param name="Words">The words behind it.</param>
/// <param name="OfTheFleet">Told to the tenant of those who run the fleet alone.</param>
/// <param name="Needs">What a key needs to subscribe, besides what it needs for any endpoint.</param>
/// <param name="Sees">What a key needs to watch them; null where that is the same.</param>
internal sealed record DomainEventTypes(
    string Family, IReadOnlyCollection<string> Words, bool OfTheFleet = false, Scope Needs = Scope.WebhooksManage,
    Scope? Sees = null)
{
    /// <summary>What a key needs to watch them.</summary>
    public Scope ToSee => Sees ?? Needs;

    /// <summary>All types of the family, and the pattern that means them all.</summary>
    public IEnumerable<string> Subscribable => Words.Select(word => $"{Family}.{word}").Prepend($"{Family}.*");

    public bool Has(string type) => Subscribable.Contains(type);

    public bool MayBeTold(string tenant, Caller caller) =>
        (!OfTheFleet || tenant == Tenants.Default) && caller.May(Needs);
}
