namespace Fleet.Control.Agents;

/// <summary>What an agent's model upstreams have, as it said last.</summary>
internal sealed class AgentInventory
{
    public string Agent { get; set; } = "";

    /// <summary>The run of the agent process that said it.</summary>
    public Guid Session { get; set; }

    /// <summary>Of the session's messages about upstreams; an earlier one that arrives late changes nothing.</summary>
    public long Number { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Searches for a model after which the agent has looked, the latest first.</summary>
    public Guid[] Answers { get; set; } = [];

    /// <summary>The <see cref="Fleet.Contracts.Agents.UpstreamReport"/>s as JSON.</summary>
    public string Upstreams { get; set; } = "[]";
}
