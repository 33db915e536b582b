namespace Fleet.Client.Work;

/// <summary>Why a job is where it is.</summary>
/// <param name="JobId">Null for a submission that was only tried.</param>
/// <param name="Position">Its place in the queue, from 1; null where it does not wait for its turn.</param>
/// <param name="EstimatedStart">A guess; null where there is nothing to go by.</param>
public sealed record Explanation(
    string? JobId, string State, long? Position, DateTimeOffset? EstimatedStart, IReadOnlyList<Reason> Reasons);

/// <summary>One reason. What it does not speak of is null.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record Reason(
    string Code,
    string Message,
    IReadOnlyDictionary<string, string>? Labels = null,
    IReadOnlyList<string>? Agents = null,
    IReadOnlyList<string>? Jobs = null,
    DateTimeOffset? At = null,
    long? Count = null);
