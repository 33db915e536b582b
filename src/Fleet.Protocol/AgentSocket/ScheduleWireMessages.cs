namespace Fleet.Protocol.AgentSocket;

/// <summary>All schedules that an agent holds; it answers with a <see cref="ScheduleAck"/>.</summary>
/// <param name="ScheduleVersion">Changes with the schedules.</param>
public sealed record ScheduleSet(long ScheduleVersion, IReadOnlyList<HeldSchedule> Schedules)
{
    public byte[] Write(string id) => Envelope.Write("schedule.set", id, this);
}

/// <summary>A schedule that an agent fires itself.</summary>
/// <param name="Cron">Five fields, in the host's time.</param>
/// <param name="Enabled">Whether it fires.</param>
public sealed record HeldSchedule(string Id, string Cron, bool Enabled);

/// <summary>The agent goes by these schedules from now on.</summary>
public sealed record ScheduleAck(long Version, DateTimeOffset? AppliedAt) : AgentMessage
{
    public const string Type = "schedule.ack";

    internal static ScheduleAck Read(Envelope envelope) =>
        new(envelope.Payload.Whole("version", 0), envelope.Payload.TimeOrNull("applied_at"));
}

/// <summary>A schedule of the agent was due.</summary>
public sealed record ScheduleFire(string ScheduleId, DateTimeOffset ScheduledAt) : AgentMessage
{
    public const string Type = "schedule.fire";

    internal static ScheduleFire Read(Envelope envelope) =>
        new(envelope.Payload.Text("schedule_id", 64), envelope.Payload.Time("scheduled_at"));
}
