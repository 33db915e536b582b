using System.Text.Json;

namespace Fleet.Client.Work;

/// <summary>A job. Times are in UTC.</summary>
/// <param name="JobId">26 characters of Crockford base32.</param>
/// <param name="State"><c>queued assigned running cancelling</c>, or one in which it is over: see <see cref="IsOver"/>.</param>
/// <param name="Attempt">The latest one; 0 before the first.</param>
/// <param name="Priority">0 (last) to 9 (first).</param>
/// <param name="ExitCode">Of the last attempt; null where none of its processes ended by itself.</param>
public sealed record Job(
    string JobId,
    string Kind,
    string? Name,
    string State,
    int Attempt,
    int MaxAttempts,
    int Priority,
    IReadOnlyDictionary<string, string>? Labels,
    JobTarget? Target,
    string? Agent,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? ExpiresAt,
    int? TimeoutS,
    int? ExitCode,
    string? Signal,
    JobProgress? Progress,
    JsonElement? Result,
    JobError? Error,
    IReadOnlyList<Artifact>? Artifacts,
    JobUsage? Usage,
    string? StateWebhookUrl,
    string? RetryOf,
    string? Offline,
    string? QueueKey,
    DateTimeOffset? NotBefore,
    string? ConcurrencyKey,
    int? ConcurrencyLimit,
    string? SequenceKey,
    string? FairnessKey,
    string? RateKey,
    int? RateLimit,
    int? RateSeconds,
    string? SupersededBy,
    string? Model,
    string? Upstream,
    bool Held,
    IReadOnlyDictionary<string, string>? Links)
{
    /// <summary>Whether nothing can happen to it any more.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOver => State is "succeeded" or "failed" or "cancelled" or "expired";
}

/// <summary>Where a job may run; nothing means anywhere.</summary>
public sealed record JobTarget(string? Agent = null, IReadOnlyDictionary<string, string>? Labels = null);

/// <param name="Fraction">0 to 1.</param>
public sealed record JobProgress(double Fraction, string Text);

/// <summary>Why something did not succeed, or why its last attempt did not.</summary>
/// <param name="Code">Stable, for programs.</param>
public sealed record JobError(string Code, string Message);

/// <param name="Size">Bytes.</param>
/// <param name="Url">A path below the fleet's address.</param>
public sealed record Artifact(string Name, long Size, string ContentType, string Sha256, string Url);

/// <param name="CpuS">Seconds of processor time of the last attempt.</param>
public sealed record JobUsage(double CpuS, long? PeakMemoryBytes);
