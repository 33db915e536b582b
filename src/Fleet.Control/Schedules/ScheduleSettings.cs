using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Schedules;

/// <summary>How schedules are kept and watched: section <c>Schedules</c>.</summary>
public sealed class ScheduleSettings
{
    /// <summary>A due time that is so many seconds old was missed; what is younger merely starts late.</summary>
    [Range(1, 3600)]
    public double MissedAfterSeconds { get; set; } = 10;

    /// <summary>After so many failures in a row it is told that a schedule fails again and again.</summary>
    [Range(1, 1000)]
    public int FailingAfter { get; set; } = 3;

    /// <summary>Occurrences are kept for so many days.</summary>
    [Range(1, 36_500)]
    public double KeepDays { get; set; } = 90;

    /// <summary>How often each Control tells the cluster of Quartz that it lives, in seconds.</summary>
    [Range(1, 60)]
    public double CheckInSeconds { get; set; } = 2;

    /// <summary>How far behind its time a check-in may be before others take the Control for dead, in seconds.</summary>
    [Range(1, 600)]
    public double CheckInToleranceSeconds { get; set; } = 3;

    /// <summary>A trigger of Quartz that did not fire for so long is stuck, and is repaired, in seconds.</summary>
    [Range(1, 3600)]
    public double StuckAfterSeconds { get; set; } = 5;

    /// <summary>How often an agent on the bus is told anew when the schedules it holds are due, in seconds.</summary>
    [Range(0.1, 7200)]
    public double HeldRenewSeconds { get; set; } = 3600;

    /// <summary>Starts that one transaction holds.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 250;
}
