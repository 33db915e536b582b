namespace Fleet.Control.Agents.Enrolment;

/// <summary>Leave to become an agent, once.</summary>
internal sealed class AgentEnrolment : Platform.Access.ITenantRow
{
    public Guid Id { get; set; }

    /// <summary>Null means any name that is not taken.</summary>
    public string? Name { get; set; }

    /// <summary>A JSON object of strings that the agent will have.</summary>
    public string Labels { get; set; } = "{}";

    /// <summary>Whose work the agent will take; null means that nothing was said about it.</summary>
    public string[]? Tenants { get; set; }

    /// <summary>Whose key made it: the default tenant's may let anybody in, another's only agents for itself.</summary>
    public string Tenant { get; set; } = Platform.Access.Tenants.Default;

    /// <summary>Of the token's text, which is kept nowhere.</summary>
    public byte[] Sha256 { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The key that made it.</summary>
    public Guid CreatedBy { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>The agent it made.</summary>
    public string? UsedBy { get; set; }
}
