namespace Fleet.Protocol.AgentSocket;

/// <summary>The snapshots of the agent's host, all of them.</summary>
public sealed record SnapshotList(IReadOnlyList<SnapshotItem> Snapshots) : AgentMessage
{
    public const string Type = "snapshots.report";

    internal static SnapshotList Read(Envelope envelope) => envelope.Payload.Has("snapshots")
        ? new SnapshotList(envelope.Payload.Objects("snapshots", SnapshotItem.Read))
        : throw envelope.Payload.Fault("snapshots", "is needed");
}

/// <summary>One snapshot, as restic lists it.</summary>
/// <param name="SizeBytes">Null where restic is too old to know; 0 then on the wire.</param>
/// <param name="FileCount">The same.</param>
public sealed record SnapshotItem(
    string Id,
    string ShortId,
    DateTimeOffset Time,
    string Hostname,
    IReadOnlyList<string> Paths,
    IReadOnlyList<string> Tags,
    long? SizeBytes,
    long? FileCount)
{
    private const int ShortLength = 8;

    internal static SnapshotItem Read(PayloadReader fields)
    {
        var id = fields.Text("id", 64);
        return new SnapshotItem(
            id,
            fields.TextOrNull("short_id", 64) is { Length: > 0 } given ? given : id[..Math.Min(ShortLength, id.Length)],
            fields.Time("time"),
            fields.TextOrNull("hostname") ?? "",
            fields.Texts("paths"),
            fields.Texts("tags"),
            fields.WholeOrNull("size_bytes", 0) is > 0 and var size ? size : null,
            fields.WholeOrNull("file_count", 0) is > 0 and var count ? count : null);
    }
}

/// <summary>What is known of the agent's repository: what is null keeps its value.</summary>
public sealed record RepoStats(
    long? TotalSizeBytes,
    long? RawSizeBytes,
    long? UniqueFiles,
    long? SnapshotCount,
    DateTimeOffset? LastCheckAt,
    string? LastCheckStatus,
    bool? LockPresent,
    DateTimeOffset? LastPruneAt,
    long? LastPruneFreedBytes) : AgentMessage
{
    public const string Type = "repo.stats";

    internal static RepoStats Read(Envelope envelope)
    {
        var payload = envelope.Payload;
        return new RepoStats(
            payload.WholeOrNull("total_size_bytes", 0),
            payload.WholeOrNull("raw_size_bytes", 0),
            payload.WholeOrNull("unique_files", 0),
            payload.WholeOrNull("snapshot_count", 0),
            payload.TimeOrNull("last_check_at"),
            payload.TextOrNull("last_check_status"),
            payload.FlagOrNull("lock_present"),
            payload.TimeOrNull("last_prune_at"),
            payload.WholeOrNull("last_prune_freed_bytes", 0));
    }
}

/// <summary>Tells an agent of its repository, one slot of credentials at a time.</summary>
/// <param name="Slot"><c>repo</c>, which everyday work uses, or <c>admin</c>.</param>
/// <param name="RepoUrl">As restic takes it.</param>
/// <param name="Env">Variables that restic needs; null means none.</param>
public sealed record ConfigUpdate(
    string Slot,
    string RepoUrl,
    string RepoPassword,
    IReadOnlyDictionary<string, string>? Env = null)
{
    public const string Everyday = "repo";
    public const string Admin = "admin";

    public byte[] Write(string id) => Envelope.Write("config.update", id, this);

    /// <summary>Records show all they have in logs; this one does not.</summary>
    public override string ToString() => nameof(ConfigUpdate);
}
