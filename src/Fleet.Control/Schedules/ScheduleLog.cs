using Fleet.Control.Platform.Agents;

namespace Fleet.Control.Schedules;

/// <summary>Every line that schedules can log.</summary>
internal static partial class ScheduleLog
{
    [LoggerMessage(1, LogLevel.Error, "Schedule {Schedule} cannot be decided about and is put off: {Reason}")]
    public static partial void PutOff(ILogger logger, Guid schedule, string reason);

    [LoggerMessage(2, LogLevel.Warning, "What is due could not be decided about and is looked at again: {Reason}")]
    public static partial void RoundFailed(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Quartz' trigger {Trigger} was stuck ({Reason}) and is repaired")]
    public static partial void TriggerRepaired(ILogger logger, string trigger, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Nobody said for {Overdue} that schedules are due; they are decided about without")]
    public static partial void Unprompted(ILogger logger, TimeSpan overdue);

    [LoggerMessage(5, LogLevel.Warning, "Quartz' triggers could not be looked at and are looked at again: {Reason}")]
    public static partial void TriggersNotRead(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Old occurrences could not be deleted and are tried again: {Reason}")]
    public static partial void NotTidied(ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Warning, "Backfill {Backfill} did not get on and is tried again: {Reason}")]
    public static partial void BackfillFailed(ILogger logger, Guid backfill, string reason);

    [LoggerMessage(8, LogLevel.Warning, "Agent {Agent} could not be told of the schedules it holds, and is told later: {Reason}")]
    public static partial void NotTold(ILogger logger, string agent, string reason);

    [LoggerMessage(9, LogLevel.Warning, "Which agents hold other schedules than they should could not be seen: {Reason}")]
    public static partial void DriftNotSeen(ILogger logger, string reason);

    [LoggerMessage(11, LogLevel.Warning, "Agent {Agent} says that a schedule was due, and is not believed: {Why}")]
    public static partial void FireRefused(ILogger logger, string agent, HeldFire why);

    [LoggerMessage(12, LogLevel.Warning, "What agent {Agent} says of the schedules it holds could not be stored: {Reason}")]
    public static partial void NotHeard(ILogger logger, string agent, string reason);

    [LoggerMessage(10, LogLevel.Warning, "Whether what schedules started is over could not be seen and is looked at again: {Reason}")]
    public static partial void EndsNotSeen(ILogger logger, string reason);
}
