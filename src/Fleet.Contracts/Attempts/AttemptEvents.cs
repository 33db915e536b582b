using Fleet.Contracts.Work;

namespace Fleet.Contracts.Attempts;

/// <summary>The agent has accepted the attempt and its work began.</summary>
public sealed record AttemptStarted(Guid WorkId, string Kind, int Attempt, string Agent) : IWorkMessage;

/// <summary>Bytes the attempt wrote, in the order in which it wrote them to one stream.</summary>
public sealed record AttemptOutput(
    Guid WorkId, string Kind, int Attempt, string Agent, IReadOnlyList<OutputChunk> Chunks) : IWorkMessage;

/// <summary>The attempt said how far it is.</summary>
/// <param name="Fraction">0 to 1.</param>
public sealed record AttemptProgressed(
    Guid WorkId, string Kind, int Attempt, string Agent, double Fraction, string Text) : IWorkMessage;

/// <summary>A file of the attempt is stored.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record ArtifactStored(
    Guid WorkId, string Kind, int Attempt, Guid ArtifactId, string Name, long Size, string ContentType, string Sha256)
    : IWorkMessage;

/// <summary>The attempt is over, for the reason given.</summary>
public sealed record AttemptFinished(Guid WorkId, string Kind, int Attempt, string Agent, AttemptResult Result)
    : IWorkMessage;

/// <summary>Nobody answers for the attempt any more.</summary>
/// <param name="Reason">One of <see cref="LossReasons"/>.</param>
public sealed record AttemptLost(Guid WorkId, string Kind, int Attempt, string Reason) : IWorkMessage;
