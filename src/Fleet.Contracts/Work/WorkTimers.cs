namespace Fleet.Contracts.Work;

/// <summary>The time within which the work had to start is over.</summary>
public sealed record WorkExpired(Guid WorkId, string Kind) : IWorkMessage;

/// <summary>The agent had its time to end a cancelled attempt.</summary>
public sealed record CancelGraceOver(Guid WorkId, string Kind, int Attempt) : IWorkMessage;

/// <summary>The pause before the next attempt is over, or the time has come before which the work was not to start.</summary>
public sealed record RetryDue(Guid WorkId, string Kind) : IWorkMessage;
