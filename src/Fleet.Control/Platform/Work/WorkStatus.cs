namespace Fleet.Control.Platform.Work;

/// <summary>What work is like now.</summary>
/// <param name="Model">The model it asks; null for work that asks none.</param>
/// <param name="State">A word of the native API.</param>
/// <param name="IsOver">Whether nothing can follow.</param>
/// <param name="ResultJson">What it left, as JSON; null where there is nothing, and in lists.</param>
internal sealed record WorkStatus(
    Guid Id,
    string Tenant,
    string Kind,
    string? Model,
    string State,
    bool IsOver,
    int Attempt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? ResultJson,
    string? ErrorCode,
    string? ErrorMessage,
    bool HasArtifacts)
{
    public const string Succeeded = "succeeded";

    public bool HasSucceeded => State == Succeeded;

    public static WorkStatus Of(WorkRow work) => new(
        work.CorrelationId,
        work.Tenant,
        work.Kind,
        work.Model,
        WorkStates.WordOf(work.State)!,
        WorkStates.IsOver(work.State),
        work.Attempt,
        work.CreatedAt,
        work.StartedAt,
        work.FinishedAt,
        work.Result,
        work.ErrorCode,
        work.ErrorMessage,
        work.HasArtifacts);
}
