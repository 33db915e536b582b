using Fleet.Control.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Manifests.Groups;

/// <summary>A named set of agents, a tenant's own. Agents need not be there, and come back into it when they are.</summary>
internal sealed class AgentGroup : ITenantRow
{
    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    public string[] Agents { get; set; } = [];

    public string? Description { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class AgentGroupTables : IEntityTypeConfiguration<AgentGroup>
{
    public void Configure(EntityTypeBuilder<AgentGroup> builder)
    {
        builder.ToTable("agent_groups");
        builder.HasKey(group => new { group.Tenant, group.Name });
    }
}
