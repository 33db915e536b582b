using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Work;

namespace Fleet.Tests.Probe;

/// <summary>The row of a probe: what all work has, and what it was calibrated by, in the table <c>probes</c>.</summary>
internal sealed class Probe : WorkRow
{
    public const string FamilyName = "probe";

    public Probe() => Family = FamilyName;

    public double? Correction { get; set; }

    public override DomainEvent EventOf(string state, DateTimeOffset now) => new(
        Tenant, $"{FamilyName}.{WorkStates.WordOf(state)}", CorrelationId, now, StateWebhookUrl,
        new { ProbeId = CorrelationId, State = WorkStates.WordOf(state), Correction }, ArtifactsAt: null);
}
