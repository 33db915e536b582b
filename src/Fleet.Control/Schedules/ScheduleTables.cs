using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Schedules;

/// <summary>Table <c>schedules</c>.</summary>
internal sealed class ScheduleTables : IEntityTypeConfiguration<Schedule>
{
    public void Configure(EntityTypeBuilder<Schedule> builder)
    {
        builder.ToTable("schedules");
        builder.HasKey(schedule => schedule.CorrelationId);
        builder.Property(schedule => schedule.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(schedule => schedule.Version).IsConcurrencyToken();
        builder.Property(schedule => schedule.Definition).HasColumnType("json");
        builder.HasIndex(schedule => new { schedule.Tenant, schedule.CorrelationId }).HasDatabaseName("ix_schedules_tenant");
        builder.HasIndex(schedule => new { schedule.Name, schedule.CorrelationId }).HasDatabaseName("ix_schedules_name");
        builder.HasIndex(schedule => new { schedule.Lane, schedule.WakeAt }).HasDatabaseName("ix_schedules_wake")
            .HasFilter("wake_at is not null");
    }
}
