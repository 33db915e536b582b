using System.Text.Json;

namespace Fleet.Contracts.Backups;

/// <summary>What an attempt of a backup writes, beside progress.</summary>
public static class BackupStreams
{
    /// <summary>A line of JSON for each <see cref="BackupIssue"/>, in snake_case.</summary>
    public const string Issues = "issues";

    /// <summary>What restic says to people, and what hooks write.</summary>
    public const string Log = "log";

    public static IReadOnlyList<string> All { get; } = [Log, Issues];
}

/// <summary>
/// How far restic is, in its own words: as JSON in snake_case it is the text of a <see
/// cref="Attempts.ProgressReport"/>, at most one a second. What restic leaves out is 0.
/// </summary>
/// <param name="PercentDone">0 to 1.</param>
/// <param name="SecondsRemaining">Null while nobody knows.</param>
public sealed record BackupProgress(
    double PercentDone,
    long TotalFiles = 0,
    long FilesDone = 0,
    long TotalBytes = 0,
    long BytesDone = 0,
    double SecondsElapsed = 0,
    double? SecondsRemaining = null,
    long ErrorCount = 0,
    IReadOnlyList<string>? CurrentFiles = null);

/// <summary>Something that went wrong and did not end the operation, such as a file that could not be read.</summary>
/// <param name="Item">The path; empty where it is about none.</param>
/// <param name="During">What restic did then: <c>archival</c>, <c>scan</c>, <c>restore</c>, <c>check</c>, …</param>
public sealed record BackupIssue(string Item, string Message, string During = "");

/// <summary>What a backup leaves as <see cref="Attempts.AttemptResult.ResultJson"/>, in snake_case.</summary>
/// <param name="Summary">Restic's own summary object, unchanged; null where that version gives none.</param>
/// <param name="SnapshotId">With a backup: the whole id of the snapshot.</param>
/// <param name="Issues">The first of them.</param>
/// <param name="IssueCount">Of all of them.</param>
/// <param name="RepositoryId">With <see cref="BackupKinds.Init"/>: restic's id of the repository.</param>
/// <param name="Changes">With a diff: restic's <c>change</c> objects, the first of them.</param>
/// <param name="ChangeCount">Of all of them.</param>
/// <param name="Removed">With <see cref="BackupKinds.Forget"/>: whole ids of the snapshots that were dropped.</param>
/// <param name="LocksRemoved">How many locks that nobody held were removed on the way.</param>
/// <param name="TargetDir">With a restore: the directory it went to, as it is on that host.</param>
/// <param name="Drill">With a drill.</param>
public sealed record BackupResult(
    JsonElement? Summary = null,
    string? SnapshotId = null,
    IReadOnlyList<BackupIssue>? Issues = null,
    int IssueCount = 0,
    string? RepositoryId = null,
    IReadOnlyList<JsonElement>? Changes = null,
    int ChangeCount = 0,
    IReadOnlyList<string>? Removed = null,
    int LocksRemoved = 0,
    string? TargetDir = null,
    DrillResult? Drill = null,
    string? ResticVersion = null);

/// <summary>What a drill found.</summary>
/// <param name="Files">Files that were restored.</param>
/// <param name="MatchedSource">Of them, those that are the same as the unchanged file on the host.</param>
/// <param name="MatchedHashes">Of them, those that restic compared with its own hashes, the source being changed or gone.</param>
/// <param name="Wrong">Paths of those that differ, the first of them.</param>
public sealed record DrillResult(int Files, long Bytes, int MatchedSource, int MatchedHashes, IReadOnlyList<string> Wrong);
