namespace Fleet.Contracts.Backups;

/// <summary>
/// The snapshots of a repository, all of them: <c>PUT /v1/agents/{name}/repositories/{id}/snapshots</c>. It replaces
/// what was known.
/// </summary>
/// <param name="Host">Snapshots of this host only are told of and replaced; null means those of all.</param>
public sealed record SnapshotsReport(IReadOnlyList<ReportedSnapshot> Snapshots, string? Host = null);

/// <summary>One snapshot, as restic lists it.</summary>
/// <param name="Id">The whole id: 64 hexadecimal digits.</param>
/// <param name="SizeBytes">Of all files in it; null where nobody knows.</param>
/// <param name="FileCount">Null where nobody knows.</param>
public sealed record ReportedSnapshot(
    string Id,
    string ShortId,
    DateTimeOffset Time,
    string Hostname,
    IReadOnlyList<string> Paths,
    IReadOnlyList<string>? Tags = null,
    long? SizeBytes = null,
    long? FileCount = null);

/// <summary>
/// What is known of a repository: <c>POST /v1/agents/{name}/repositories/{id}/stats</c>. What is null keeps its value.
/// </summary>
/// <param name="TotalSizeBytes">Of all files of all snapshots, as if each were there whole.</param>
/// <param name="RawSizeBytes">Of what the repository really takes.</param>
/// <param name="LastCheckStatus"><c>ok</c> or <c>errors</c>.</param>
public sealed record RepositoryStats(
    long? TotalSizeBytes = null,
    long? RawSizeBytes = null,
    long? UniqueFiles = null,
    long? SnapshotCount = null,
    DateTimeOffset? LastCheckAt = null,
    string? LastCheckStatus = null,
    bool? LockPresent = null,
    DateTimeOffset? LastPruneAt = null,
    long? LastPruneFreedBytes = null);
