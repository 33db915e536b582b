using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Client.Experiments;

/// <summary>A run: the job, what it ran, why it was made, what it measured, and what came of it.</summary>
/// <param name="RunId">The id of the job.</param>
/// <param name="DurationS">Seconds from its latest start to its end; null before both are there.</param>
public sealed record Run(
    string RunId,
    string? JobName,
    string State,
    string CommitId,
    int? FilesCount,
    string? OverallSha,
    string? User,
    string? Agent,
    IReadOnlyList<string> Args,
    IReadOnlyDictionary<string, string> Env,
    IReadOnlyList<string> Datasets,
    RunResources? Resources,
    string? Snapshot,
    JsonElement? Tracking,
    int Attempt,
    int? ExitCode,
    string? ErrorCode,
    string? ErrorMessage,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    double? DurationS,
    Narrative Narrative,
    string? Outcome,
    string? OutcomeSummary,
    string? OutcomeBy,
    DateTimeOffset? OutcomeAt,
    IReadOnlyList<Series> Metrics,
    IReadOnlyList<RunNote> Notes)
{
    /// <summary>Whether nothing can happen to it any more.</summary>
    [JsonIgnore]
    public bool IsOver => State is "succeeded" or "failed" or "cancelled" or "expired";
}

/// <summary>What a run may take of its host; null is as much as the host's settings say.</summary>
/// <param name="Cpu">Processors.</param>
public sealed record RunResources(double? Cpu = null, int? MemoryMb = null, int? Gpu = null);

/// <summary>Why a run was made.</summary>
public sealed record Narrative(
    string? Hypothesis = null,
    string? Context = null,
    string? Intent = null,
    string? ExpectedOutcome = null,
    string? ExperimentGroup = null,
    IReadOnlyList<string>? Tags = null);

/// <summary>What somebody wrote about a run.</summary>
public sealed record RunNote(string NoteId, string Author, string Note, DateTimeOffset At);

/// <param name="Author">The name of the key, where it is null.</param>
public sealed record NoteDraft(string Note, string? Author = null);

/// <summary>Whether a run held.</summary>
/// <param name="Outcome"><c>validates</c>, <c>refutes</c>, <c>inconclusive</c> or <c>partial</c>.</param>
public sealed record OutcomeDraft(string Outcome, string? Summary = null);

/// <summary>A commit that was sent.</summary>
public sealed record UploadedCommit(string CommitId, int FilesCount, string OverallSha);

/// <summary>What a job of the kind <c>experiment</c> runs.</summary>
/// <param name="Commit">40 hex digits.</param>
/// <param name="Args">Added behind those of the commit's entry.</param>
/// <param name="Datasets">Names of registered datasets.</param>
public sealed record ExperimentDraft(
    string Commit,
    IReadOnlyList<string>? Args = null,
    IReadOnlyDictionary<string, string>? Env = null,
    IReadOnlyList<string>? Datasets = null,
    RunResources? Resources = null);
