namespace Fleet.Chaos.Oracle;

/// <summary>What the database says of one job.</summary>
/// <param name="Journal">What is counted of its journal.</param>
/// <param name="Steps">States and the end, in order.</param>
internal sealed record JobRecord(
    string Id, string State, int Attempt, string? ErrorCode, JournalCount Journal, IReadOnlyList<JournalStep> Steps)
{
    public bool IsOver => State is "Succeeded" or "Failed" or "Cancelled" or "Expired";

    /// <summary>Why an attempt ended without success and another could begin; null when it did not.</summary>
    public string? ReasonAfter(int attempt) => Steps
        .Where(step => step.Type == "state" && step.Attempt == attempt && step.To == "queued").Select(step => step.Reason ?? "none")
        .LastOrDefault();
}

/// <param name="Sequence">The number in the job's row.</param>
internal sealed record JournalCount(long Entries, long First, long Last, long Sequence);

internal sealed record JournalStep(long Seq, string Type, int Attempt, string? To, string? Reason);
