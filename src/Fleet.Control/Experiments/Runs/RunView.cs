using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Contracts.Experiments;
using Fleet.Control.Experiments.Commits;
using Fleet.Control.Experiments.Metrics;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Experiments.Runs;

/// <summary>A run: the job, what it ran, why it was made, what it measured, and what came of it.</summary>
/// <param name="DurationS">Seconds from its latest start to its end; null before both are there.</param>
internal sealed record RunView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid RunId,
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
    ExperimentResources? Resources,
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
    IReadOnlyList<SeriesView> Metrics,
    IReadOnlyList<RunNote> Notes)
{
    public static RunView Of(
        WorkRow job, ExperimentSpec run, Commit? commit, RunStory story, IReadOnlyList<SeriesView> metrics, IReadOnlyList<RunNote> notes) =>
        new(
            job.CorrelationId, job.Name, WorkStates.WordOf(job.State)!, run.Commit, commit?.FilesCount, commit?.OverallSha, run.User,
            job.Agent, run.Args ?? [], run.Env ?? new Dictionary<string, string>(), run.Datasets ?? [], run.Resources, run.Snapshot,
            JsonText.ReadObject(run.Tracking), job.Attempt, job.ExitCode, job.ErrorCode, job.ErrorMessage, job.CreatedAt, job.StartedAt,
            job.FinishedAt, job.FinishedAt - job.StartedAt is { } took ? took.TotalSeconds : null, story.Narrative, story.Outcome,
            story.Summary, story.OutcomeBy, story.OutcomeAt, metrics, notes);
}
