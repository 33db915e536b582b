using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Backups;
using Fleet.Protocol.AgentSocket;

namespace Fleet.Control.Agents.Socket;

/// <summary>Backups, from the words of the contracts into those of the socket and back.</summary>
internal static class BackupWords
{
    private const string JobId = "<job-id>";
    private const int MostPath = 300;
    private const int MostMessage = 900;
    private const int UnreadableSources = 3;
    private const int MostWrong = 20;

    private static readonly JsonSerializerOptions Snake = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public static bool IsQuiet(string kind) => kind is not (BackupKinds.Backup or BackupKinds.Restore);

    public static CommandRun Command(string job, string kind, BackupSpec spec) => new(
        job,
        kind,
        spec.Source?.Includes,
        spec.Source?.Excludes,
        spec.Source is { } source ? (source.Tags.Count > 0 ? source.Tags[0] : source.GroupName) : null,
        spec.Restore is { } restore
            ? new RestorePart(
                restore.SnapshotId,
                restore.Paths,
                restore.InPlace,
                restore.TargetDir?.Replace(JobId, job, StringComparison.Ordinal),
                restore.Drill is { } drill ? new DrillPart(drill.Files, drill.MostBytes, drill.Seed) : null)
            : null,
        spec.Diff is { } diff ? new DiffPart(diff.SnapshotA, diff.SnapshotB) : null,
        spec.ForgetGroups?.Select(PartOf).ToList(),
        spec.RequiresAdminCreds ? true : null,
        spec.Source?.Hooks is { } hooks ? new HooksPart(hooks.Before, hooks.After, hooks.TimeoutSeconds) : null,
        spec.Check is { ReadDataPercent: > 0 } check ? new CheckPart(check.ReadDataPercent) : null);

    /// <summary>Why an agent of this wire cannot do what is asked; null when it can.</summary>
    /// <param name="features">What it said at its hello that it can do.</param>
    public static string? WhyNot(BackupSpec spec, IReadOnlyList<string> features) => spec switch
    {
        { Restore.Drill: not null } when !features.Contains(AgentFeatures.Drill) =>
            "This agent on the socket runs no drills: it does not name the feature drill.",
        { Source.Hooks: not null } when !features.Contains(AgentFeatures.Hooks) =>
            "This agent on the socket runs no hooks: it does not name the feature hooks.",
        { Check.ReadDataPercent: > 0 } when !features.Contains(AgentFeatures.ReadData) =>
            "This agent on the socket checks the structure of a repository alone: it does not name the feature check.read_data.",
        _ => null,
    };

    public static ProgressReport Progress(JobProgress said)
    {
        var current = said.CurrentFiles.Take(1).Select(path => path.Length <= MostPath ? path : path[..MostPath]).ToList();
        var progress = new BackupProgress(
            said.PercentDone,
            said.TotalFiles,
            said.FilesDone,
            said.TotalBytes,
            said.BytesDone,
            said.SecondsElapsed,
            said.SecondsRemaining,
            said.ErrorCount,
            current.Count > 0 ? current : null);
        return new ProgressReport(said.PercentDone, JsonSerializer.Serialize(progress, Snake));
    }

    /// <summary>A line of restic's that tells of something that went wrong on the way; null for every other.</summary>
    public static BackupIssue? Issue(string line)
    {
        if (!line.StartsWith('{') || !line.Contains("\"error\"", StringComparison.Ordinal))
            return null;
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (TextOf(root, "message_type") != "error")
                return null;
            var message = root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                ? TextOf(error, "message") ?? TextOf(error, "Err") ?? ""
                : TextOf(root, "error") ?? "";
            return new BackupIssue(TextOf(root, "item") ?? "", message, TextOf(root, "during") ?? "");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static string Line(BackupIssue issue) => JsonSerializer.Serialize(issue, Snake);

    public static AttemptResult Result(HeldJob job, JobFinished said) => said switch
    {
        { Status: JobFinished.Succeeded } => Good(job, said),
        { ExitCode: UnreadableSources } when job.Kind == BackupKinds.Backup && said.Status != JobFinished.Cancelled => Good(job, said),
        { Status: JobFinished.Cancelled } => new AttemptResult(
            AttemptOutcome.Cancelled,
            said.ExitCode,
            ErrorCode: AttemptErrors.Cancelled,
            ErrorMessage: Short(said.Error) ?? "It was cancelled."),
        _ => new AttemptResult(
            AttemptOutcome.Failed,
            said.ExitCode,
            ResultJson: ResultOf(job, said),
            ErrorCode: CodeOf(said.ExitCode),
            ErrorMessage: Short(said.Error) ?? (said.ExitCode is { } code ? $"Restic ended with exit code {code}." : "Restic failed.")),
    };

    private static AttemptResult Good(HeldJob job, JobFinished said) =>
        new(AttemptOutcome.Succeeded, said.ExitCode ?? 0, ResultJson: ResultOf(job, said));

    private static string ResultOf(HeldJob job, JobFinished said)
    {
        var stats = said.Stats is null ? (JsonElement?)null : JsonSerializer.Deserialize<JsonElement>(said.Stats);
        return JsonSerializer.Serialize(
            new BackupResult(
                stats,
                stats is { } summary ? TextOf(summary, "snapshot_id") : null,
                job.Issues,
                job.IssueCount,
                Drill: said.Drill is { } found
                    ? new DrillResult(found.Files, found.Bytes, found.MatchedSource, found.MatchedHashes, [.. found.Wrong.Take(MostWrong)])
                    : null),
            Snake);
    }

    /// <summary>As restic has them from 0.17 on; what older ones say is 1 for all.</summary>
    private static string CodeOf(int? exit) => exit switch
    {
        10 => BackupErrors.NoRepository,
        11 => BackupErrors.Locked,
        12 => BackupErrors.WrongPassword,
        _ => BackupErrors.Restic,
    };

    private static ForgetPart PartOf(ForgetGroup group) => new(
        group.Tag,
        group.Keep.Last,
        group.Keep.Hourly,
        group.Keep.Daily,
        group.Keep.Weekly,
        group.Keep.Monthly,
        group.Keep.Yearly,
        group.Keep.Within);

    private static string? Short(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Length <= MostMessage ? text : text[..MostMessage];

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var field)
        && field.ValueKind == JsonValueKind.String
            ? field.GetString()
            : null;
}
