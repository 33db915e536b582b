namespace Fleet.Contracts.Attempts;

/// <summary>Codes of attempts that did not succeed and that decide something: whether it counts, when it is tried again.</summary>
public static class AttemptErrors
{
    /// <summary>The attempt failed, and said no more.</summary>
    public const string Failed = "failed";

    /// <summary>It was asked to stop.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>It ran longer than it was allowed to.</summary>
    public const string Timeout = "timeout";

    /// <summary>The agent was stopped and handed it back.</summary>
    public const string AgentStopped = "agent_stopped";

    /// <summary>The agent ended unexpectedly while it had it in hand.</summary>
    public const string AgentRestarted = "agent_restarted";

    /// <summary>The agent does not answer for it any more.</summary>
    public const string AgentLost = "agent_lost";

    /// <summary>The agent could not reach Control in time and ended it.</summary>
    public const string LeaseLost = "lease_lost";

    /// <summary>It reached the agent too late to be begun.</summary>
    public const string TooLate = "too_late";

    /// <summary>The upstream cannot be reached: nothing is known about the work.</summary>
    public const string UpstreamUnreachable = "upstream_unreachable";

    /// <summary>The upstream takes no calls at the moment: nothing is known about the work.</summary>
    public const string UpstreamBusy = "upstream_busy";
}

/// <summary>Why nobody answers for an attempt any more.</summary>
public static class LossReasons
{
    /// <summary>Its agent fell silent.</summary>
    public const string AgentLost = AttemptErrors.AgentLost;

    /// <summary>Its agent started anew.</summary>
    public const string AgentRestarted = AttemptErrors.AgentRestarted;

    /// <summary>Its agent is stopping, and never began it.</summary>
    public const string AgentStopped = AttemptErrors.AgentStopped;

    /// <summary>Its agent lives and never took it.</summary>
    public const string NotAccepted = "not_accepted";

    /// <summary>Its agent lives and no longer names it.</summary>
    public const string NotInHand = "not_in_hand";
}
