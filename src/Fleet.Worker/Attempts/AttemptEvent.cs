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

/// <summary>It is over.</summary>
internal sealed record Ended(AttemptResult Result) : AttemptEvent;
