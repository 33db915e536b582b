using System.ComponentModel.DataAnnotations;

namespace Fleet.Worker.Agents.Events;

/// <summary>How an agent sees who logs on to its host: section <c>Worker:Logons</c>.</summary>
public sealed class LogonSettings
{
    /// <summary>
    /// Where the host says who is logged on: a file as <c>utmp(5)</c> has it, or the directory of <c>systemd-logind</c>'s sessions.
    /// Empty means <c>/run/utmp</c>, or without it <c>/run/systemd/sessions</c>; with neither, nobody is seen to log on.
    /// </summary>
    public string Source { get; set; } = "";

    /// <summary>How often that is read: who is logged on for a shorter time may not be seen.</summary>
    [Range(0.1, 3600)]
    public double LookSeconds { get; set; } = 2;
}
