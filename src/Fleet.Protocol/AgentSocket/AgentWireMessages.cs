namespace Fleet.Protocol.AgentSocket;

/// <summary>The first message of an agent: who it is.</summary>
/// <param name="Os"><c>linux</c>, <c>windows</c>, or another, as given.</param>
/// <param name="Arch"><c>amd64</c>, <c>arm64</c>, or another, as given.</param>
/// <param name="BootTime">When the host started; null where it does not say.</param>
/// <param name="Features">What it can do beyond the protocol's first agents; see <see cref="AgentFeatures"/>.</param>
public sealed record HelloMessage(
    int ProtocolVersion,
    string AgentVersion,
    string ResticVersion,
    string Hostname,
    string Os,
    string Arch,
    DateTimeOffset? BootTime,
    IReadOnlyList<string> Features) : AgentMessage
{
    public const string Type = "hello";

    /// <summary>The oldest protocol that is spoken; newer ones are welcome.</summary>
    public const int LeastVersion = 1;

    /// <exception cref="WireFaultException">A field is wrong, or the protocol is too old.</exception>
    public static HelloMessage Read(Envelope envelope)
    {
        var payload = envelope.Payload;
        var version = (int)payload.Whole("protocol_version", 0, int.MaxValue);
        if (version < LeastVersion)
        {
            throw new WireFaultException(
                WireFaults.ProtocolTooOld, $"payload.protocol_version is {version}; at least {LeastVersion} is needed.");
        }

        return new HelloMessage(
            version,
            payload.Text("agent_version", 200),
            payload.TextOrNull("restic_version", 200) ?? "",
            payload.Text("hostname", 200),
            payload.Text("os", 200),
            payload.Text("arch", 200),
            payload.TimeOrNull("boot_time"),
            payload.Texts("features"));
    }
}

/// <summary>Words for what an agent says that it can do. Those that nobody knows mean nothing.</summary>
public static class AgentFeatures
{
    /// <summary>It runs scripts before and after a backup: <see cref="HooksPart"/>.</summary>
    public const string Hooks = "hooks";

    /// <summary>It restores samples to a scratch directory and compares them: <see cref="DrillPart"/>.</summary>
    public const string Drill = "drill";

    /// <summary>It reads a part of the data in a check: <see cref="CheckPart"/>.</summary>
    public const string ReadData = "check.read_data";

    /// <summary>It searches snapshots for names: <see cref="SnapshotRead"/>.</summary>
    public const string Find = "snapshot.find";

    /// <summary>It sends files and directories of snapshots: <see cref="SnapshotRead"/>.</summary>
    public const string Content = "snapshot.content";
}

/// <summary>The agent lives; that it is said is what counts.</summary>
public sealed record AgentHeartbeat(DateTimeOffset? SentAt) : AgentMessage
{
    public const string Type = "heartbeat";

    internal static AgentHeartbeat Read(Envelope envelope) => new(envelope.Payload.TimeOrNull("sent_at"));
}

/// <summary>The agent could not do something, for the log.</summary>
public sealed record AgentFault(string Code, string Message) : AgentMessage
{
    public const string Type = "error";

    internal static AgentFault Read(Envelope envelope) =>
        new(envelope.Payload.Text("code", 200), envelope.Payload.TextOrNull("message", 10_000) ?? "");
}

/// <summary>Tells an agent what was wrong with a message of it.</summary>
/// <param name="HelpUrl">Where to read on; null means nowhere.</param>
public sealed record ServerFault(string Code, string Message, string? HelpUrl = null)
{
    public byte[] Write(string? id) => Envelope.Write("error", id, this);
}
