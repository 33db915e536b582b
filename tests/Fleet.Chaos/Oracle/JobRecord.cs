namespace Fleet.Chaos.Oracle;

/// <summary>What the database says of one job.</summary>
/// <param name="Journal">What is counted of its journal.</param>
/// <param name="Steps">States, the end, and stale reports, in order.</param>
internal sealed record JobRecord(
    string Id, string State, int Attempt, string? ErrorCode, JournalCount Journal, IReadOnlyList<JournalStep> Steps)
{
    public bool IsOver => IsTerminal(State);

    public bool HasSucceeded => State == "Succeeded";

    public static bool IsTerminal(string? state) =>
        state?.ToLowerInvariant() is "succeeded" or "failed" or "cancelled" or "expired";

    /// <summary>Why an attempt ended without success and another could begin; null when it did not.</summary>
    public string? ReasonAfter(int attempt) => Steps
        .Where(step => step.Type == "state" && step.Attempt == attempt && step.To == "queued")
        .Select(step => step.Reason ?? "none")
        .LastOrDefault();

    /// <summary>Its way in one line, for whoever looks into a violation.</summary>
    public override string ToString() => $"{Id} {State} {ErrorCode} [{string.Join(' ', Steps)}]";
}

/// <param name="Sequence">The number in the job's row.</param>
internal sealed record JournalCount(long Entries, long First, long Last, long Sequence);

internal sealed record JournalStep(long Seq, string Type, int Attempt, string? To, string? Reason)
{
    public override string ToString() => $"{Seq}:{To ?? Type}/{Attempt}{(Reason is null ? "" : $"({Reason})")}";
}
