namespace Fleet.Contracts.Work;

/// <summary>Asks for the end of work, in whatever state it is.</summary>
/// <param name="By">Who asked, for the journal.</param>
public sealed record CancelWork(Guid WorkId, string Kind, string By) : IWorkMessage;

/// <summary>Ends work that nobody could start now, because every agent it may run on is away.</summary>
public sealed record SkipWork(Guid WorkId, string Kind) : IWorkMessage;

/// <summary>Later work of the same queue key was accepted: this one need not run any more.</summary>
/// <param name="By">The later work.</param>
public sealed record SupersedeWork(Guid WorkId, string Kind, Guid By) : IWorkMessage;

/// <summary>Asks that work takes another place in the queue.</summary>
/// <param name="Priority">0 (last) to 9 (first).</param>
/// <param name="By">Who asked, for the journal.</param>
public sealed record ReprioritiseWork(Guid WorkId, string Kind, int Priority, string By) : IWorkMessage;

/// <summary>Asks for other labels, in whatever state the work is. Those that are not named stay.</summary>
/// <param name="By">Who asked, for the journal.</param>
public sealed record RelabelWork(
    Guid WorkId, string Kind, IReadOnlyDictionary<string, string> Set, IReadOnlyList<string> Removed, string By)
    : IWorkMessage;

/// <summary>Gives queued work to an agent's session. Said by the dispatcher only.</summary>
/// <param name="Session">The run of the agent process that the attempt belongs to.</param>
/// <param name="Beat">The last beat of that session that was stored; 0 for its registration.</param>
/// <param name="Upstream">With a model call: which of the agent's upstreams is to answer.</param>
public sealed record AssignWork(
    Guid WorkId, string Kind, string Agent, Guid Session, long Beat = 0, string? Upstream = null) : IWorkMessage;
