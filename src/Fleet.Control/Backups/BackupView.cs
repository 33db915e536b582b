using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Backups;

/// <summary>A backup as clients see it.</summary>
/// <param name="Issues">What went wrong without ending it, the first of it.</param>
/// <param name="SnapshotId">The snapshot that it made, or that it is about.</param>
/// <param name="Stats">Restic's own summary.</param>
/// <param name="Result">What else is left of it, by its kind: ids that were dropped, differences, what a drill found.</param>
internal sealed record BackupView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid BackupId,
    string Kind,
    string State,
    IReadOnlyList<BackupIssue> Issues,
    int IssueCount,
    BackupProgressView? Progress,
    string? SnapshotId,
    JsonElement? Stats,
    BackupResultView? Result,
    string? Agent,
    string Repository,
    [property: JsonConverter(typeof(WireIdConverter))] Guid RepositoryId,
    string? SourceGroup,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? SourceGroupId,
    string? TargetDir,
    int Priority,
    IReadOnlyDictionary<string, string> Labels,
    int Attempt,
    int MaxAttempts,
    BackupErrorView? Error,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? RetryOf,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    BackupLinksView Links)
{
    public static BackupView Of(Backup row)
    {
        var result = BackupNotes.ReadResult(row.Result);
        var spec = SpecJson.Read<BackupSpec>(row.Spec);
        return new BackupView(
            row.CorrelationId,
            row.Kind,
            WorkStates.WordOf(row.State)!,
            result?.Issues ?? [],
            result?.IssueCount ?? 0,
            row.ProgressFraction is null ? null : BackupProgressView.Of(row.ProgressFraction, row.ProgressText),
            row.SnapshotId,
            result?.Summary,
            result is null ? null : BackupResultView.Of(result),
            row.Agent ?? row.TargetAgent,
            row.RepositoryName,
            row.RepositoryId,
            row.SourceGroupName,
            row.SourceGroupId,
            result?.TargetDir ?? spec.Restore?.TargetDir,
            row.Priority,
            JsonSerializer.Deserialize<Dictionary<string, string>>(row.Labels)!,
            row.Attempt,
            row.MaxAttempts,
            row.ErrorCode is null ? null : new BackupErrorView(row.ErrorCode, row.ErrorMessage ?? ""),
            row.RetryOf,
            row.CreatedAt,
            row.StartedAt,
            row.FinishedAt,
            BackupLinksView.Of(row));
    }
}

/// <summary>How far it is; what restic does not tell is null.</summary>
/// <param name="Fraction">0 to 1.</param>
/// <param name="EtaS">Seconds until the end, as restic estimates.</param>
internal sealed record BackupProgressView(
    double? Fraction, long? BytesDone, long? BytesTotal, long? FilesDone, long? FilesTotal, double? EtaS, string? CurrentFile)
{
    public static BackupProgressView Of(double? fraction, string? text) => BackupNotes.ReadProgress(text) is { } told
        ? new BackupProgressView(
            told.PercentDone, told.BytesDone, told.TotalBytes, told.FilesDone, told.TotalFiles, told.SecondsRemaining,
            told.CurrentFiles is [var file, ..] ? file : null)
        : new BackupProgressView(fraction, null, null, null, null, null, null);
}

/// <summary>What is left of some kinds.</summary>
internal sealed record BackupResultView(
    string? RepositoryId,
    IReadOnlyList<JsonElement>? Changes,
    int ChangeCount,
    IReadOnlyList<string>? Removed,
    int LocksRemoved,
    DrillResult? Drill,
    string? ResticVersion)
{
    public static BackupResultView Of(BackupResult result) => new(
        result.RepositoryId, result.Changes, result.ChangeCount, result.Removed, result.LocksRemoved, result.Drill,
        result.ResticVersion);
}

/// <summary>Why it did not succeed, or why the last attempt did not.</summary>
internal sealed record BackupErrorView(string Code, string Message);

/// <summary>Paths of the backup's resources.</summary>
internal sealed record BackupLinksView(string Self, string Events, string Log, string Cancellation, string Retry, string Explain)
{
    public static BackupLinksView Of(Backup row)
    {
        var self = $"{WorkLinks.Of(Backup.FamilyName)}/{WireId.Format(row.CorrelationId)}";
        return new BackupLinksView(
            self, $"{self}/events", $"{self}/log", $"{self}/cancellation", $"{self}/retry", $"{self}/explain");
    }
}
