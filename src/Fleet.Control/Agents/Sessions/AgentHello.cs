namespace Fleet.Control.Agents.Sessions;

/// <summary>One run of an agent's process, as it introduced itself.</summary>
internal sealed class AgentHello
{
    public string Agent { get; set; } = "";

    public Guid Session { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>When this session registered last: it does so whenever it finds its way back to the broker.</summary>
    public DateTimeOffset LastAt { get; set; }

    public string AgentVersion { get; set; } = "";

    public string Hostname { get; set; } = "";

    public string Os { get; set; } = "";

    public string Arch { get; set; } = "";

    /// <summary>A JSON object: capability to number of slots.</summary>
    public string Slots { get; set; } = "{}";

    /// <summary>A JSON object of strings.</summary>
    public string Labels { get; set; } = "{}";
}
