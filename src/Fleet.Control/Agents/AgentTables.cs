using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Agents;

internal sealed class AgentTables : IEntityTypeConfiguration<Agent>
{
    public void Configure(EntityTypeBuilder<Agent> builder)
    {
        builder.ToTable("agents");
        builder.HasKey(agent => agent.Name);
        builder.Property(agent => agent.SessionAt).HasDefaultValueSql("now()");
        builder.Property(agent => agent.Slots).HasColumnType("jsonb");
        builder.Property(agent => agent.Labels).HasColumnType("jsonb");
    }
}
