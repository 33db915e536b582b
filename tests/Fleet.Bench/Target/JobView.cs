namespace Fleet.Bench.Target;

/// <summary>What the benchmark reads of a job's public shape.</summary>
internal sealed record JobView(
    string JobId, string State, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    public bool IsOver => State is "succeeded" or "failed" or "cancelled" or "expired";
}
