namespace Fleet.Contracts.Attempts;

/// <summary>Tells an agent to run one attempt.</summary>
/// <param name="Kind">Which of the agent's executors is meant.</param>
/// <param name="Session">The agent process meant; a later one ignores the command.</param>
/// <param name="SpecJson">What to do, in the words of the kind; see <see cref="Work.SpecJson"/>.</param>
/// <param name="TimeoutSeconds">After this long the attempt is ended and reported as <see
/// cref="AttemptOutcome.TimedOut"/>.</param>
/// <param name="Beat">The agent's last beat that Control knew. The agent knows when it sent that, and so, without comparing
/// clocks, whether the command is too old to be begun: the attempt may have gone elsewhere.</param>
/// <param name="Upstream">With a model call: which of the agent's upstreams is to answer.</param>
/// <param name="Tenant">Whose work it is: what belongs to one tenant is kept from the others on the agent's host too.</param>
public sealed record RunAttempt(
    Guid WorkId,
    string Kind,
    int Attempt,
    Guid Session,
    string SpecJson,
    int? TimeoutSeconds = null,
    string? Name = null,
    long Beat = 0,
    string? Upstream = null,
    string? Tenant = null);

/// <summary>All the attempts that were assigned to one agent while the previous message was on its way.</summary>
public sealed record RunAttempts(IReadOnlyList<RunAttempt> Attempts);

/// <summary>Tells an agent to end one attempt: SIGTERM, and SIGKILL after the grace.</summary>
public sealed record StopAttempt(Guid WorkId, string Kind, int Attempt, double GraceSeconds);
