using Fleet.Control.Platform.Access;

namespace Fleet.Control.Agents;

/// <summary>One host that does work.</summary>
internal sealed class Agent
{
    public string Name { get; set; } = "";

    /// <summary>Whose work it takes. Empty means everybody's; then it belongs to the default tenant.</summary>
    public string[] Tenants { get; set; } = [];

    public DateTimeOffset EnrolledAt { get; set; }

    /// <summary>Takes nothing new; what it has in hand it finishes.</summary>
    public bool Draining { get; set; }

    /// <summary>When it was cut off; only an enrolment with a token made for its name lets it in again.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>
    /// The run of the agent process that registered last; what earlier ones had in hand is lost. Empty before the first.
    /// </summary>
    public Guid Session { get; set; }

    public string AgentVersion { get; set; } = "";

    public string Hostname { get; set; } = "";

    public string Os { get; set; } = "";

    public string Arch { get; set; } = "";

    /// <summary>A JSON object: capability to number of slots.</summary>
    public string Slots { get; set; } = "{}";

    /// <summary>A JSON object of strings: what the agent says of itself, under what it was given.</summary>
    public string Labels { get; set; } = "{}";

    /// <summary>A JSON object of strings that its enrolment gave it.</summary>
    public string GivenLabels { get; set; } = "{}";

    public DateTimeOffset? RegisteredAt { get; set; }

    /// <summary>When the session registered first, by the database's clock: until its first beat, leases run from then.</summary>
    public DateTimeOffset? SessionAt { get; set; }

    /// <summary>When it was heard last, by the database's clock; a registration says nothing about leases.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>Why it could not speak to the broker, as it said when it registered last; null since its beats come.</summary>
    public string? BrokerTrouble { get; set; }

    /// <summary>When the last beat was stored, by the database's clock; null before the session's first.</summary>
    public DateTimeOffset? BeatAt { get; set; }

    /// <summary>Number of the session's last beat; earlier ones that arrive late change nothing.</summary>
    public long BeatNumber { get; set; }

    /// <summary>Its process is stopping: it takes nothing, and what its last beat does not name never starts.</summary>
    public bool Closing { get; set; }

    /// <summary>Whether receivers were told last that it is online.</summary>
    public bool ToldOnline { get; set; }

    /// <summary>Ids of the attempts that the last beat named.</summary>
    public Guid[] InHandIds { get; set; } = [];

    /// <summary>Their numbers, in the same order.</summary>
    public int[] InHandAttempts { get; set; } = [];

    /// <summary>Whether it exists for the caller: it does for itself, and for those whose work it takes.</summary>
    public bool IsSeenBy(Caller caller) =>
        caller.Agent is { } itself ? itself == Name
        : caller.Tenant == Platform.Access.Tenants.Default || Tenants.Length == 0 || Tenants.Contains(caller.Tenant);

    /// <summary>Whether the caller may decide about it: the default tenant, and who has it for itself alone.</summary>
    public bool IsManagedBy(Caller caller) =>
        caller.Agent is { } itself ? itself == Name
        : caller.Tenant == Platform.Access.Tenants.Default || (Tenants is [var only] && only == caller.Tenant);
}
