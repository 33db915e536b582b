namespace Fleet.Contracts.Agents;

/// <summary>All schedules that an agent holds: it fires them itself.</summary>
/// <param name="Version">Changes with the schedules; the agent says it back when it goes by them.</param>
public sealed record HoldSchedules(long Version, IReadOnlyList<AgentSchedule> Schedules)
{
    /// <summary>
    /// The label by which an agent on the bus says at its registration that it can hold schedules. One without it is told of none:
    /// what its queue brings and it does not know becomes a dead letter.
    /// </summary>
    public const string Label = "holds";

    /// <summary>Its value.</summary>
    public const string Word = "schedules";
}

/// <summary>A schedule that an agent holds.</summary>
/// <param name="ScheduleId">On the wire.</param>
/// <param name="Cron">Five fields.</param>
/// <param name="IsEnabled">Whether it fires.</param>
/// <param name="Due">The next times at which it is due, in their order: an agent on the bus goes by these, is told more before they
/// are over, and reckons with no calendar of its own. Null where the agent goes by <paramref name="Cron"/>.</param>
public sealed record AgentSchedule(string ScheduleId, string Cron, bool IsEnabled, IReadOnlyList<DateTimeOffset>? Due = null);

/// <summary>An agent on the bus says which schedules it goes by: at its start, and when it was told of others.</summary>
/// <param name="Version">As it was told; 0 for none.</param>
/// <param name="At">Since when.</param>
public sealed record SchedulesHeld(string Agent, Guid Session, long Version, DateTimeOffset At);

/// <summary>Schedules that an agent holds were due, by its clock. It says so until it hears that this is stored.</summary>
public sealed record SchedulesFired(string Agent, Guid Session, IReadOnlyList<ScheduleDue> Due);

/// <summary>One due time.</summary>
/// <param name="ScheduleId">On the wire.</param>
public sealed record ScheduleDue(string ScheduleId, DateTimeOffset At);

/// <summary>Tells an agent that these need not be said again, whatever came of them.</summary>
public sealed record FiresStored(Guid Session, IReadOnlyList<ScheduleDue> Due);
