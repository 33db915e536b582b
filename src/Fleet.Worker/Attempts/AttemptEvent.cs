using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Attempts;

/// <summary>What happened in an attempt, in order; <see cref="Ended"/> comes once, and last.</summary>
internal abstract record AttemptEvent;

/// <summary>Its process runs.</summary>
internal sealed record Began(ChildMark? Child) : AttemptEvent;

/// <summary>It wrote something.</summary>
internal sealed record Wrote(OutputChunk Chunk) : AttemptEvent;

/// <summary>It said how far it is.</summary>
internal sealed record Progressed(ProgressReport Progress) : AttemptEvent;

/// <summary>It measured something.</summary>
internal sealed record Measured(IReadOnlyList<Measurement> Values) : AttemptEvent;

/// <summary>A value of a metric.</summary>
/// <param name="Step">Null where it said none.</param>
internal readonly record struct Measurement(string Name, double Value, long? Step);

/// <summary>It is over.</summary>
internal sealed record Ended(AttemptResult Result) : AttemptEvent;
