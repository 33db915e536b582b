using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Jobs;

/// <summary>A job as clients see it.</summary>
internal sealed record JobView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid JobId,
    string Kind,
    string? Name,
    string State,
    int Attempt,
    int MaxAttempts,
    int Priority,
    JsonNode? Labels,
    JobTargetView Target,
    string? Agent,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? ExpiresAt,
    int? TimeoutS,
    int? ExitCode,
    string? Signal,
    JobProgressView? Progress,
    JsonElement? Result,
    JobErrorView? Error,
    IReadOnlyList<ArtifactView> Artifacts,
    JobUsageView? Usage,
    string? StateWebhookUrl,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? RetryOf,
    string Offline,
    string? QueueKey,
    DateTimeOffset? NotBefore,
    string? ConcurrencyKey,
    int? ConcurrencyLimit,
    string? SequenceKey,
    string? FairnessKey,
    string? RateKey,
    int? RateLimit,
    int? RateSeconds,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? SupersededBy,
    string? Model,
    string? Upstream,
    bool Held,
    JobLinksView Links)
{
    public static JobView Of(Job job, IEnumerable<ArtifactView> artifacts) => new(
        job.CorrelationId,
        job.Kind,
        job.Name,
        WorkStates.WordOf(job.State)!,
        job.Attempt,
        job.MaxAttempts,
        job.Priority,
        JsonNode.Parse(job.Labels),
        new JobTargetView(job.TargetAgent, JsonNode.Parse(job.TargetLabels)),
        job.Agent,
        job.CreatedAt,
        job.StartedAt,
        job.FinishedAt,
        job.ExpiresAt,
        job.TimeoutSeconds,
        job.ExitCode,
        job.Signal,
        job.ProgressFraction is { } fraction ? new JobProgressView(fraction, job.ProgressText ?? "") : null,
        job.Result is null ? null : JsonSerializer.Deserialize<JsonElement>(job.Result),
        job.ErrorCode is null ? null : new JobErrorView(job.ErrorCode, job.ErrorMessage ?? ""),
        [.. artifacts],
        job.CpuSeconds is { } cpu ? new JobUsageView(cpu, job.PeakMemoryBytes) : null,
        job.StateWebhookUrl,
        job.RetryOf,
        job.Offline,
        job.QueueKey,
        job.NotBefore,
        job.ConcurrencyKey,
        job.ConcurrencyLimit,
        job.SequenceKey,
        job.FairnessKey,
        job.RateKey,
        job.RateLimit,
        job.RateSeconds,
        job.SupersededBy,
        job.Model,
        job.Upstream,
        job.Held,
        JobLinksView.Of(job));
}

/// <summary>Where it may run.</summary>
internal sealed record JobTargetView(string? Agent, JsonNode? Labels);

/// <param name="Fraction">0 to 1.</param>
internal sealed record JobProgressView(double Fraction, string Text);

/// <summary>Why it did not succeed, or why the last attempt did not.</summary>
internal sealed record JobErrorView(string Code, string Message);

/// <param name="CpuS">Seconds of processor time of the last attempt.</param>
/// <param name="PeakMemoryBytes">The largest resident set of any of its processes; null when it was not seen.</param>
internal sealed record JobUsageView(double CpuS, long? PeakMemoryBytes);

/// <summary>Paths of the job's resources.</summary>
internal sealed record JobLinksView(
    string Self, string Events, string Log, string Artifacts, string Cancellation, string Retry, string Explain)
{
    public static JobLinksView Of(Job job)
    {
        var self = WorkLinks.Self(job);
        return new JobLinksView(
            self,
            $"{self}/events",
            $"{self}/log",
            WorkLinks.Artifacts(job),
            $"{self}/cancellation",
            $"{self}/retry",
            $"{self}/explain");
    }
}
