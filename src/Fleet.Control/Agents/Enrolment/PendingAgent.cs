namespace Fleet.Control.Agents.Enrolment;

/// <summary>A host that announced itself and waits to be let in.</summary>
internal sealed class PendingAgent
{
    public Guid Id { get; set; }

    /// <summary>The name it asks for, or the one it was approved with.</summary>
    public string Name { get; set; } = "";

    public string Hostname { get; set; } = "";

    public string Os { get; set; } = "";

    public string Arch { get; set; } = "";

    public string AgentVersion { get; set; } = "";

    /// <summary>Of the claim secret, which only the host has.</summary>
    public byte[] Sha256 { get; set; } = [];

    public DateTimeOffset At { get; set; }

    /// <summary>Nobody is waited for longer than this.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? ApprovedAt { get; set; }

    public DateTimeOffset? RefusedAt { get; set; }
}
