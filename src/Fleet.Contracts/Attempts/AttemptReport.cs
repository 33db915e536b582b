namespace Fleet.Contracts.Attempts;

/// <summary>The news of one attempt, in this order: it started, it wrote, it got this far, it finished.</summary>
public sealed record AttemptReport(
    Guid WorkId,
    string Kind,
    int Attempt,
    bool Started = false,
    IReadOnlyList<OutputChunk>? Output = null,
    ProgressReport? Progress = null,
    AttemptResult? Finished = null);

/// <summary>The latest progress of an attempt.</summary>
/// <param name="Fraction">0 to 1.</param>
public sealed record ProgressReport(double Fraction, string Text);

/// <summary>A piece of output as the attempt wrote it.</summary>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>; of a model <c>content</c>, <c>thinking</c> or <c>tool_calls</c>
/// (a JSON array to a line).</param>
/// <param name="Bytes">Raw bytes, at most 64 KiB; never cut inside a UTF-8 character where that can be helped.</param>
public sealed record OutputChunk(string Stream, byte[] Bytes);

/// <summary>One attempt that an agent answers for.</summary>
public sealed record AttemptInHand(Guid WorkId, int Attempt);
