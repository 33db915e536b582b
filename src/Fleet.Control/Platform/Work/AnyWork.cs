using Fleet.Control.Platform.DomainEvents;

namespace Fleet.Control.Platform.Work;

/// <summary>Work of whatever family, as far as all have it in common: for who only looks.</summary>
internal sealed class AnyWork : WorkRow
{
    public override DomainEvent? EventOf(string state, DateTimeOffset now) =>
        throw new NotSupportedException("Work is changed by its own lifecycle.");
}
