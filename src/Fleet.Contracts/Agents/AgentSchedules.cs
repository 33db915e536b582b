namespace Fleet.Contracts.Agents;

/// <summary>All schedules that an agent holds: it fires them itself.</summary>
/// <param name="Version">Changes with the schedules; the agent says it back when it goes by them.</param>
public sealed record HoldSchedules(long Version, IReadOnlyList<AgentSchedule> Schedules);

/// <summary>A schedule that an agent holds.</summary>
/// <param name="ScheduleId">On the wire.</param>
/// <param name="Cron">Five fields.</param>
/// <param name="IsEnabled">Whether it fires.</param>
public sealed record AgentSchedule(string ScheduleId, string Cron, bool IsEnabled);
