using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>How long finished work is kept: section <c>Retention</c>.</summary>
public sealed class RetentionSettings
{
    /// <summary>Days after its end that work is kept which no rule names; 0 means for ever.</summary>
    [Range(0, 36_500)]
    public double Days { get; set; } = 30;

    /// <summary>How often is looked for work whose time is over, in seconds.</summary>
    [Range(0.1, 3600)]
    public double PollSeconds { get; set; } = 5;

    /// <summary>
    /// The part of the time in which removal may be at work. It rests after each step in proportion to how long the
    /// step took, so that it gives way where the database is busy.
    /// </summary>
    [Range(0.01, 1)]
    public double Share { get; set; } = 0.5;
}
