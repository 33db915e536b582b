using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Tests.Probe;

/// <summary>A probe as clients see it.</summary>
internal sealed record ProbeView(string ProbeId, string State, string? Agent, int Attempt, double? Correction);

internal sealed class ProbeFamily(ProbeLifecycle lifecycle, WorkRowStore<Probe> rows) : WorkFamily<Probe>(lifecycle, rows)
{
    public override string Name => Probe.FamilyName;

    public override WorkScopes Scopes { get; } = new(Scope.DatasetsRead, Scope.DatasetsCreate, Scope.BackupsManage);

    protected override object View(Probe row, IEnumerable<ArtifactView> artifacts) => new ProbeView(
        WireId.Format(row.CorrelationId), WorkStates.WordOf(row.State)!, row.Agent, row.Attempt, row.Correction);
}
