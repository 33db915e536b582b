using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.DomainEvents;

/// <summary>How a unit announces: it is told only if, and only after, its transaction committed.</summary>
internal static class UnitDomainEvents
{
    public static void Announce(this UnitOfWork unit, DomainEvent happened) => unit.DomainEvents.Add(happened);
}
