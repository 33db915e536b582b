using Fleet.Control.Agents.Enrolment;
using Fleet.Control.Agents.Sessions;
using Fleet.Control.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Agents;

internal sealed class AgentTables : IEntityTypeConfiguration<Agent>
{
    public void Configure(EntityTypeBuilder<Agent> builder)
    {
        builder.ToTable("agents");
        builder.HasKey(agent => agent.Name);
        builder.Property(agent => agent.Slots).HasColumnType("jsonb");
        builder.Property(agent => agent.Labels).HasColumnType("jsonb");
        builder.Property(agent => agent.GivenLabels).HasColumnType("jsonb").HasDefaultValueSql("'{}'");
        builder.Property(agent => agent.Tenants).HasDefaultValueSql("'{}'");
        builder.Property(agent => agent.ToldOnline).HasDefaultValue(false);
        builder.Property(agent => agent.EnrolledAt).HasDefaultValueSql("now()");
    }
}

internal sealed class AgentHelloTables : IEntityTypeConfiguration<AgentHello>
{
    public void Configure(EntityTypeBuilder<AgentHello> builder)
    {
        builder.ToTable("agent_hellos");
        builder.HasKey(hello => new { hello.Agent, hello.Session });
        builder.Property(hello => hello.Slots).HasColumnType("jsonb");
        builder.Property(hello => hello.Labels).HasColumnType("jsonb");
    }
}

internal sealed class AgentInventoryTables : IEntityTypeConfiguration<AgentInventory>
{
    public void Configure(EntityTypeBuilder<AgentInventory> builder)
    {
        builder.ToTable("agent_inventories");
        builder.HasKey(inventory => inventory.Agent);
        builder.Property(inventory => inventory.Upstreams).HasColumnType("json");
    }
}

internal sealed class AgentEnrolmentTables : IEntityTypeConfiguration<AgentEnrolment>
{
    public void Configure(EntityTypeBuilder<AgentEnrolment> builder)
    {
        builder.ToTable("agent_enrolments");
        builder.HasKey(enrolment => enrolment.Id);
        builder.Property(enrolment => enrolment.Id).ValueGeneratedNever();
        builder.Property(enrolment => enrolment.Labels).HasColumnType("jsonb");
        builder.Property(enrolment => enrolment.Tenant).HasDefaultValue(Tenants.Default);
        builder.HasIndex(enrolment => enrolment.Sha256).IsUnique();
    }
}

internal sealed class PendingAgentTables : IEntityTypeConfiguration<PendingAgent>
{
    public void Configure(EntityTypeBuilder<PendingAgent> builder)
    {
        builder.ToTable("pending_agents");
        builder.HasKey(pending => pending.Id);
        builder.Property(pending => pending.Id).ValueGeneratedNever();
    }
}
