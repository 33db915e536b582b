using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>How Control tells living agents from dead ones: section <c>Leases</c>.</summary>
public sealed class LeaseSettings : IValidatableObject
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

    /// <summary>Work that was running on so many agents when they died is not tried again.</summary>
    [Range(1, 1000)]
    public int CrashLoopAfter { get; set; } = 3;

    /// <summary>How often what every other mechanism may have missed is looked for, in seconds.</summary>
    [Range(0.5, 3600)]
    public double ReconcileSeconds { get; set; } = 15;

    /// <summary>After this silence an agent is shown as offline, in seconds.</summary>
    [Range(1, 3600)]
    public double OfflineSeconds { get; set; } = 90;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LeaseSeconds < 2 * HeartbeatSeconds)
        {
            yield return new ValidationResult(
                $"Leases:LeaseSeconds is {LeaseSeconds}, and must be at least twice Leases:HeartbeatSeconds ({HeartbeatSeconds}).",
                [nameof(LeaseSeconds)]);
        }

        if (AcceptanceSeconds < 1.2 * HeartbeatSeconds)
        {
            yield return new ValidationResult(
                $"Leases:AcceptanceSeconds is {AcceptanceSeconds}, and must be at least 1.2 times Leases:HeartbeatSeconds "
                + $"({HeartbeatSeconds}): an agent counts it from its last heartbeat.",
                [nameof(AcceptanceSeconds)]);
        }
    }
}
