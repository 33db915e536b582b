namespace Fleet.Control.Tests.Manifests.Support;

/// <summary>Agents that say once that they live are believed for long: there are many of them.</summary>
public sealed class PatientFleet : ManifestFleet
{
    internal static (string Key, string Value) Lease { get; } = ("Leases:LeaseSeconds", "600");

    protected override (string Key, string Value)[] Settings => [.. base.Settings, Lease];
}
