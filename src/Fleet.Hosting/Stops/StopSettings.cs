using System.ComponentModel.DataAnnotations;

namespace Fleet.Hosting.Stops;

/// <summary>How a process leaves: section <c>Stop</c>.</summary>
public sealed class StopSettings
{
    /// <summary>
    /// How long, in seconds, a process that is asked to stop goes on serving at most, until everybody who asks it regularly
    /// whether it is ready has heard that it is not.
    /// </summary>
    [Range(0, 300)]
    public double DrainSeconds { get; set; } = 10;

    /// <summary>How long it serves after that, in seconds: for what was already on its way.</summary>
    [Range(0, 60)]
    public double SettleSeconds { get; set; } = 0.5;
}
