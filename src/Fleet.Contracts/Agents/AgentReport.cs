using Fleet.Contracts.Attempts;

namespace Fleet.Contracts.Agents;

/// <summary>
/// Everything an agent had to say since its last report. Reports of a session are numbered from 1 without gaps;
/// the next one leaves only when the last one is confirmed, so they are stored once and in order.
/// </summary>
/// <param name="Session">One run of the agent process.</param>
public sealed record AgentReport(string Agent, Guid Session, long Number, IReadOnlyList<AttemptReport> Attempts);

/// <summary>Tells an agent that its report is stored, and everything up to its number with it.</summary>
public sealed record ReportStored(Guid Session, long Number);

/// <summary>An agent is alive and has these attempts in hand: it renews their leases.</summary>
/// <param name="InHand">
/// Every attempt that is accepted and whose end is not yet confirmed, also those that an earlier run of the process
/// accepted: their ends will be reported by this one.
/// </param>
/// <param name="Closing">The process is stopping: what is not in hand now will never start here.</param>
public sealed record AgentBeat(
    string Agent, Guid Session, long Number, IReadOnlyList<AttemptInHand> InHand, bool Closing = false);

/// <summary>
/// Tells an agent that its beat is stored: the leases of what it named run from the moment it sent the beat.
/// </summary>
public sealed record BeatStored(Guid Session, long Number);
