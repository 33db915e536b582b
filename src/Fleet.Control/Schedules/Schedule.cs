using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Schedules;

/// <summary>
/// A schedule, and how far it is. Every decision about its occurrences is saved with its row, so that two processes that
/// decide at once notice, and the end of what it started changes its row too, so that nobody decides on what is not so
/// any more.
/// </summary>
internal sealed class Schedule : IVersionedRow
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    /// <summary>Grows with each change that somebody asks for; its ETag.</summary>
    public int Revision { get; set; } = 1;

    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>A <see cref="Terms.ScheduleRequest"/> as JSON.</summary>
    public string Definition { get; set; } = "{}";

    /// <summary>Days of the calendars that it names, as they are now.</summary>
    public string[] CalendarDays { get; set; } = [];

    public bool Paused { get; set; }

    /// <summary>Which of Quartz' triggers says that it is due.</summary>
    public int Lane { get; set; }

    /// <summary>The first due time that has no occurrence yet; null when there is none.</summary>
    public DateTimeOffset? NextDue { get; set; }

    /// <summary>When something is to be decided; null for never. Never later than the start of the next due time.</summary>
    public DateTimeOffset? WakeAt { get; set; }

    /// <summary>A due time that waits for the end of what runs, or for another try of its start.</summary>
    public DateTimeOffset? PendingDue { get; set; }

    /// <summary>With a start that was refused: when it is tried again.</summary>
    public DateTimeOffset? PendingRetryAt { get; set; }

    /// <summary>Refusals of the start that waits.</summary>
    public int PendingTries { get; set; }

    /// <summary>Starts that were refused, or whose work failed, since the last success.</summary>
    public int Failures { get; set; }

    /// <summary>Whether it was told that it fails again and again.</summary>
    public bool ToldFailing { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The key that said last what it starts: what is a key's alone is started as this one's.</summary>
    public Guid Owner { get; set; }

    /// <summary>Name of that key.</summary>
    public string CreatedBy { get; set; } = "";
}
