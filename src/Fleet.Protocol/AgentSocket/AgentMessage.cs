using System.Collections.Frozen;

namespace Fleet.Protocol.AgentSocket;

/// <summary>Something that an agent says over its socket.</summary>
public abstract record AgentMessage
{
    private static readonly FrozenDictionary<string, Func<Envelope, AgentMessage>> Readers =
        new Dictionary<string, Func<Envelope, AgentMessage>>
        {
            [HelloMessage.Type] = HelloMessage.Read,
            [AgentHeartbeat.Type] = AgentHeartbeat.Read,
            [AgentFault.Type] = AgentFault.Read,
            [JobStarted.Type] = JobStarted.Read,
            [JobProgress.Type] = JobProgress.Read,
            [JobFinished.Type] = JobFinished.Read,
            [JobLogLine.Type] = JobLogLine.Read,
            [CommandResult.Type] = CommandResult.Read,
            [SnapshotList.Type] = SnapshotList.Read,
            [RepoStats.Type] = RepoStats.Read,
            [ScheduleAck.Type] = ScheduleAck.Read,
            [ScheduleFire.Type] = ScheduleFire.Read,
            [TreeListResult.Type] = TreeListResult.Read,
        }.ToFrozenDictionary();

    /// <summary>Every type of message that an agent may send.</summary>
    public static IReadOnlyCollection<string> Types => Readers.Keys;

    /// <exception cref="WireFaultException">Its type is unknown, or a field of it is wrong.</exception>
    public static AgentMessage Of(Envelope envelope) => Readers.TryGetValue(envelope.Type, out var read)
        ? read(envelope)
        : throw new WireFaultException(WireFaults.UnknownType, "type is none that an agent sends.");
}
