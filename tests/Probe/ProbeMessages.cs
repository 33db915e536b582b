using Fleet.Contracts.Work;

namespace Fleet.Tests.Probe;

/// <summary>What a probe is to do: read a gauge so many times.</summary>
public sealed record ProbeSpec(string Gauge, int Readings)
{
    public const string Kind = "probe";
}

/// <summary>Somebody calibrated the gauge: an event that no other kind of work has.</summary>
public sealed record ProbeCalibrated(Guid WorkId, string Kind, double Correction) : IWorkMessage;
