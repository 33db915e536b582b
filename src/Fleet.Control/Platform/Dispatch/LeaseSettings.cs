using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>How Control tells living agents from dead ones: section <c>Leases</c>.</summary>
public sealed class LeaseSettings
{
    /// <summary>How often an agent says that it is alive, in seconds.</summary>
    [Range(0.1, 60)]
    public double HeartbeatSeconds { get; set; } = 10;

    /// <summary>How long attempts live without a heartbeat that names them, in seconds.</summary>
    [Range(0.5, 3600)]
    public double LeaseSeconds { get; set; } = 45;

    /// <summary>How long an agent has to take an assignment, in seconds.</summary>
    [Range(0.5, 600)]
    public double AcceptanceSeconds { get; set; } = 15;

    /// <summary>A job that was running on so many agents when they died is not tried again.</summary>
    [Range(1, 1000)]
    public int CrashLoopAfter { get; set; } = 3;

    /// <summary>How often what every other mechanism may have missed is looked for, in seconds.</summary>
    [Range(0.5, 3600)]
    public double ReconcileSeconds { get; set; } = 15;

    /// <summary>After this silence an agent is shown as offline, in seconds.</summary>
    [Range(1, 3600)]
    public double OfflineSeconds { get; set; } = 90;
}
