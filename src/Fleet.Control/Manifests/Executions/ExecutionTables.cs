using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Manifests.Executions;

internal sealed class ExecutionTables : IEntityTypeConfiguration<Execution>
{
    public void Configure(EntityTypeBuilder<Execution> builder)
    {
        builder.ToTable("executions");
        builder.HasKey(execution => execution.CorrelationId);
        builder.Property(execution => execution.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(execution => execution.Spec).HasColumnType("json");
        builder.Property(execution => execution.Terms).HasColumnType("json");
        builder.HasIndex(execution => new { execution.Tenant, execution.CorrelationId }).HasDatabaseName("ix_executions_tenant");
        builder.HasIndex(execution => new { execution.Tenant, execution.Manifest, execution.CorrelationId })
            .HasDatabaseName("ix_executions_manifest");
        builder.HasIndex(execution => execution.WaveAt).HasDatabaseName("ix_executions_wave")
            .HasFilter("wave_at is not null and state = 'running'");
        builder.HasIndex(execution => execution.CorrelationId).HasDatabaseName("ix_executions_aborted")
            .HasFilter("state = 'aborted' and open > 0");
    }
}

internal sealed class ExecutionHostTables : IEntityTypeConfiguration<ExecutionHost>
{
    public void Configure(EntityTypeBuilder<ExecutionHost> builder)
    {
        builder.ToTable("execution_hosts");
        builder.HasKey(host => host.CorrelationId);
        builder.Property(host => host.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.HasIndex(host => new { host.ExecutionId, host.Agent }).IsUnique().HasDatabaseName("ux_execution_hosts_agent");
        builder.HasIndex(host => new { host.ExecutionId, host.Wave }).HasDatabaseName("ix_execution_hosts_waiting")
            .HasFilter("state = 'waiting'");
        builder.HasIndex(host => host.ExecutionId).HasDatabaseName("ix_execution_hosts_open").HasFilter("state = 'open'");
    }
}
