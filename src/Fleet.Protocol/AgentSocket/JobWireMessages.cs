namespace Fleet.Protocol.AgentSocket;

/// <summary>A job began.</summary>
public sealed record JobStarted(string JobId, string? Kind, DateTimeOffset? StartedAt) : AgentMessage
{
    public const string Type = "job.started";

    internal static JobStarted Read(Envelope envelope) => new(
        envelope.Payload.Text("job_id", 64), envelope.Payload.TextOrNull("kind", 64), envelope.Payload.TimeOrNull("started_at"));
}

/// <summary>How far a job is, in restic's words.</summary>
/// <param name="PercentDone">0 to 1.</param>
public sealed record JobProgress(
    string JobId,
    double PercentDone,
    long TotalFiles,
    long FilesDone,
    long TotalBytes,
    long BytesDone,
    double SecondsElapsed,
    double? SecondsRemaining,
    long ErrorCount,
    IReadOnlyList<string> CurrentFiles) : AgentMessage
{
    public const string Type = "job.progress";

    internal static JobProgress Read(Envelope envelope)
    {
        var payload = envelope.Payload;
        return new JobProgress(
            payload.Text("job_id", 64),
            Math.Clamp(payload.NumberOrNull("percent_done") ?? 0, 0, 1),
            payload.WholeOrNull("total_files", 0) ?? 0,
            payload.WholeOrNull("files_done", 0) ?? 0,
            payload.WholeOrNull("total_bytes", 0) ?? 0,
            payload.WholeOrNull("bytes_done", 0) ?? 0,
            payload.NumberOrNull("seconds_elapsed") ?? 0,
            payload.NumberOrNull("seconds_remaining"),
            payload.WholeOrNull("error_count", 0) ?? 0,
            payload.Texts("current_files"));
    }
}

/// <summary>A job ended.</summary>
/// <param name="Status">One of <see cref="Statuses"/>.</param>
/// <param name="Stats">Restic's own summary object as it was written; null where there is none.</param>
/// <param name="Error">Why it did not succeed; null where it does not say.</param>
/// <param name="Drill">What a drill found; null with everything else.</param>
public sealed record JobFinished(
    string JobId, string Status, int? ExitCode, string? Stats, string? Error, DateTimeOffset? FinishedAt, DrillFound? Drill)
    : AgentMessage
{
    public const string Type = "job.finished";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    public static IReadOnlyList<string> Statuses { get; } = [Succeeded, Failed, Cancelled];

    internal static JobFinished Read(Envelope envelope)
    {
        var payload = envelope.Payload;
        return new JobFinished(
            payload.Text("job_id", 64),
            payload.Word("status", Succeeded, Failed, Cancelled),
            (int?)payload.WholeOrNull("exit_code", int.MinValue, int.MaxValue),
            payload.RawOrNull("stats"),
            payload.TextOrNull("error", 100_000),
            payload.TimeOrNull("finished_at"),
            payload.ObjectOrNull("drill") is { } drill ? DrillFound.Read(drill) : null);
    }
}

/// <summary>What a drill found.</summary>
/// <param name="Files">Files that were restored.</param>
/// <param name="MatchedSource">Of them, those that are the same as the unchanged file on the host.</param>
/// <param name="MatchedHashes">Of them, those that restic compared with its own hashes.</param>
/// <param name="Wrong">Paths of those that differ, the first of them.</param>
public sealed record DrillFound(int Files, long Bytes, int MatchedSource, int MatchedHashes, IReadOnlyList<string> Wrong)
{
    internal static DrillFound Read(PayloadReader fields) => new(
        (int)fields.Whole("files", 0, int.MaxValue),
        fields.WholeOrNull("bytes", 0) ?? 0,
        (int)(fields.WholeOrNull("matched_source", 0, int.MaxValue) ?? 0),
        (int)(fields.WholeOrNull("matched_hashes", 0, int.MaxValue) ?? 0),
        fields.Texts("wrong"));
}

/// <summary>A line that a job wrote.</summary>
/// <param name="Seq">Grows with each line of the job.</param>
public sealed record JobLogLine(string JobId, long Seq, DateTimeOffset? At, string Stream, string Text) : AgentMessage
{
    public const string Type = "log.stream";

    internal static JobLogLine Read(Envelope envelope)
    {
        var payload = envelope.Payload;
        return new JobLogLine(
            payload.Text("job_id", 64),
            payload.Whole("seq", 0),
            payload.TimeOrNull("ts"),
            payload.Text("stream", 64),
            payload.TextOrNull("payload", int.MaxValue) ?? "");
    }
}

/// <summary>Whether the agent took a command.</summary>
/// <param name="Id">Of the command's envelope.</param>
public sealed record CommandResult(string Id, bool Accepted, string? Error) : AgentMessage
{
    public const string Type = "command.result";

    internal static CommandResult Read(Envelope envelope) => new(
        envelope.Payload.TextOrNull("id", 128) ?? envelope.Id ?? throw envelope.Payload.Fault("id", "is needed"),
        envelope.Payload.Flag("accepted"),
        envelope.Payload.TextOrNull("error", 10_000));
}

/// <summary>Tells an agent to run a job. Each kind has one part; the others are null.</summary>
/// <param name="Includes">With <c>backup</c>: the paths of one source group.</param>
/// <param name="Tag">With <c>backup</c>: what the snapshot is tagged with.</param>
/// <param name="ForgetGroups">With <c>forget</c>: at least one.</param>
/// <param name="RequiresAdminCreds">True where it uses the credentials of the slot <c>admin</c>.</param>
/// <param name="Hooks">With <c>backup</c>, and an agent that has this feature.</param>
/// <param name="Check">With <c>check</c>, and an agent that has this feature.</param>
public sealed record CommandRun(
    string JobId,
    string Kind,
    IReadOnlyList<string>? Includes = null,
    IReadOnlyList<string>? Excludes = null,
    string? Tag = null,
    RestorePart? Restore = null,
    DiffPart? Diff = null,
    IReadOnlyList<ForgetPart>? ForgetGroups = null,
    bool? RequiresAdminCreds = null,
    HooksPart? Hooks = null,
    CheckPart? Check = null)
{
    public byte[] Write(string id) => Envelope.Write("command.run", id, this);
}

/// <summary>What is restored, and where to.</summary>
/// <param name="Drill">It goes to a scratch directory that is removed; only with an agent that has this feature.</param>
public sealed record RestorePart(
    string SnapshotId, IReadOnlyList<string> Paths, bool InPlace, string? TargetDir, DrillPart? Drill = null);

/// <summary>A sample that is restored and compared.</summary>
/// <param name="Files">How many files.</param>
/// <param name="MostBytes">How large they may be together.</param>
/// <param name="Seed">Which files these are: the same seed chooses the same.</param>
public sealed record DrillPart(int Files, long MostBytes, int Seed);

/// <summary>Scripts around a backup, given to <c>/bin/sh</c>.</summary>
/// <param name="TimeoutS">Seconds that each may take.</param>
public sealed record HooksPart(string? Before, string? After, int TimeoutS);

/// <summary>How thoroughly a repository is looked at.</summary>
/// <param name="ReadDataPercent">How much of the data is read, 0 to 100.</param>
public sealed record CheckPart(double ReadDataPercent);

/// <summary>What is compared.</summary>
public sealed record DiffPart(string SnapshotA, string SnapshotB);

/// <summary>Which snapshots of a tag are kept, in restic's words.</summary>
public sealed record ForgetPart(
    string Tag,
    int? KeepLast = null,
    int? KeepHourly = null,
    int? KeepDaily = null,
    int? KeepWeekly = null,
    int? KeepMonthly = null,
    int? KeepYearly = null,
    string? KeepWithin = null);

/// <summary>Tells an agent to end a job.</summary>
public sealed record CommandCancel(string JobId)
{
    public byte[] Write(string id) => Envelope.Write("command.cancel", id, this);
}
