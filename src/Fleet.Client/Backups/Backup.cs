using System.Text.Json;
using Fleet.Client.Work;

namespace Fleet.Client.Backups;

/// <summary>One operation of restic.</summary>
/// <param name="Issues">What went wrong without ending it, the first of it.</param>
/// <param name="SnapshotId">The snapshot that it made, or that it is about.</param>
/// <param name="Stats">Restic's own summary.</param>
/// <param name="Result">What else is left of it, by its kind.</param>
public sealed record Backup(
    string BackupId,
    string Kind,
    string State,
    JsonElement? Issues,
    int IssueCount,
    BackupProgress? Progress,
    string? SnapshotId,
    JsonElement? Stats,
    JsonElement? Result,
    string? Agent,
    string Repository,
    string RepositoryId,
    string? SourceGroup,
    string? SourceGroupId,
    string? TargetDir,
    int Priority,
    IReadOnlyDictionary<string, string>? Labels,
    int Attempt,
    int MaxAttempts,
    JobError? Error,
    string? RetryOf,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    IReadOnlyDictionary<string, string>? Links)
{
    /// <summary>Whether nothing can happen to it any more.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOver => State is "succeeded" or "failed" or "cancelled" or "expired";
}

/// <param name="Fraction">0 to 1.</param>
/// <param name="EtaS">Seconds until the end, as restic estimates.</param>
public sealed record BackupProgress(
    double? Fraction, long? BytesDone, long? BytesTotal, long? FilesDone, long? FilesTotal, double? EtaS, string? CurrentFile);

/// <summary>A backup to be made.</summary>
/// <param name="Kind"><c>backup</c> of a source group; <c>init forget prune check unlock</c> of a repository.</param>
public sealed record BackupDraft(
    string Kind, string? SourceGroup = null, string? Repository = null, string? SnapshotA = null, string? SnapshotB = null,
    string? Agent = null);

/// <summary>Files to be brought back.</summary>
/// <param name="TargetDir">May begin with <c>$HOME</c> and contain <c>&lt;job-id&gt;</c>.</param>
public sealed record RestoreDraft(
    string SnapshotId, string? Agent = null, IReadOnlyList<string>? Paths = null, bool? InPlace = null, string? TargetDir = null);
