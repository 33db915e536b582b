namespace Fleet.Client.Backups;

/// <summary>A place that holds snapshots; its secrets are never shown.</summary>
/// <param name="HasAdmin">Whether it has a second slot of credentials, for what removes.</param>
public sealed record Repository(
    string RepositoryId,
    string Name,
    string Url,
    bool HasAdmin,
    string? Agent,
    int? UploadKibPerSecond,
    int? DownloadKibPerSecond,
    int? Nice,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string CreatedBy,
    RepositoryStats Stats);

/// <summary>What agents said of it last; null where nobody has said anything.</summary>
public sealed record RepositoryStats(
    long? TotalSizeBytes,
    long? RawSizeBytes,
    double? DedupRatio,
    long? UniqueFiles,
    long? SnapshotCount,
    DateTimeOffset? LastCheckAt,
    string? LastCheckStatus,
    bool? LockPresent,
    DateTimeOffset? LastPruneAt,
    long? LastPruneFreedBytes,
    DateTimeOffset? At);

/// <summary>How large a repository was at a time.</summary>
public sealed record RepositorySize(
    DateTimeOffset At, long? TotalSizeBytes, long? RawSizeBytes, double? DedupRatio, long? SnapshotCount);

/// <param name="Id">Restic's whole id.</param>
public sealed record Snapshot(
    string Id,
    string ShortId,
    DateTimeOffset Time,
    string Agent,
    string Hostname,
    IReadOnlyList<string> Paths,
    IReadOnlyList<string> Tags,
    long? SizeBytes,
    long? FileCount,
    string RepositoryId,
    DateTimeOffset RefreshedAt);

/// <summary>What is in a directory of a snapshot.</summary>
/// <param name="IsCut">There is more than was asked for.</param>
public sealed record SnapshotEntries(IReadOnlyList<SnapshotEntry> Items, bool IsCut);

/// <param name="Type"><c>file dir symlink</c> and others.</param>
public sealed record SnapshotEntry(string Name, string Type, string Path, long? Size = null, DateTimeOffset? Mtime = null);

/// <summary>Files of one agent that are backed up together.</summary>
/// <param name="LastGoodAt">When they were stored last; null while they never were.</param>
public sealed record SourceGroup(
    string SourceGroupId,
    string Name,
    string Agent,
    string Repository,
    string RepositoryId,
    IReadOnlyList<string> Includes,
    IReadOnlyList<string> Excludes,
    IReadOnlyList<string> Tags,
    System.Text.Json.JsonElement? Keep,
    System.Text.Json.JsonElement? Hooks,
    bool OneFileSystem,
    int? NewestWithinS,
    DateTimeOffset? LastGoodAt,
    bool IsStale,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string CreatedBy);

/// <summary>Something that a person should see to.</summary>
/// <param name="Kind"><c>failed stale missed corrupt offline locked</c>.</param>
/// <param name="State"><c>open acknowledged resolved</c>.</param>
public sealed record Alert(
    string AlertId,
    string Kind,
    string State,
    string Message,
    string? Repository,
    string? RepositoryId,
    string? SourceGroup,
    string? SourceGroupId,
    string? Agent,
    string? BackupId,
    DateTimeOffset RaisedAt,
    DateTimeOffset ChangedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    DateTimeOffset? ResolvedAt);
