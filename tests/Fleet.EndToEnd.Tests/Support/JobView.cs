using System.Text.Json;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>A job as the API shows it.</summary>
internal sealed record JobView(
    string JobId,
    string Kind,
    string? Name,
    string State,
    int Attempt,
    int MaxAttempts,
    int Priority,
    Dictionary<string, string> Labels,
    string? Agent,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    int? ExitCode,
    string? Signal,
    ProgressView? Progress,
    JsonElement? Result,
    ErrorView? Error,
    IReadOnlyList<ArtifactView> Artifacts,
    UsageView? Usage,
    string? RetryOf,
    LinksView Links)
{
    public bool IsOver => IsTerminal(State);

    public static bool IsTerminal(string? state) => state is "succeeded" or "failed" or "cancelled" or "expired";
}

internal sealed record ProgressView(double Fraction, string Text);

/// <summary>Why a job is where it is.</summary>
internal sealed record ExplanationView(string? JobId, string State, long? Position, IReadOnlyList<ReasonView> Reasons);

internal sealed record ReasonView(string Code, string Message, IReadOnlyList<string>? Agents, IReadOnlyList<string>? Jobs);

internal sealed record ErrorView(string Code, string Message);

internal sealed record ArtifactView(string Name, long Size, string ContentType, string Sha256, string Url);

internal sealed record UsageView(double CpuS, long PeakMemoryBytes);

internal sealed record LinksView(string Self, string Events, string Log, string Artifacts);

internal sealed record PageView<T>(IReadOnlyList<T> Items, string? Next);

internal sealed record AgentView(
    string Name, string State, Dictionary<string, int> Slots, Dictionary<string, string> Labels);

internal sealed record NewKey(string KeyId, string Key);

/// <summary>Problem details of RFC 9457.</summary>
internal sealed record ProblemView(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string TraceId,
    Dictionary<string, string[]>? Errors);
