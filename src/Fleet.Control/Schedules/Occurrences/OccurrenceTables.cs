using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>Table <c>schedule_occurrences</c>: the ledger. Its unique key is what keeps a due time from being acted on twice.</summary>
internal sealed class OccurrenceTables : IEntityTypeConfiguration<Occurrence>
{
    public void Configure(EntityTypeBuilder<Occurrence> builder)
    {
        builder.ToTable("schedule_occurrences");
        builder.HasKey(one => one.CorrelationId);
        builder.Property(one => one.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(one => one.Version).IsConcurrencyToken();
        builder.HasIndex(one => new { one.ScheduleId, one.DueAt }).IsUnique().HasDatabaseName("ux_schedule_occurrences_due");
        builder.HasIndex(one => one.WorkId).HasDatabaseName("ix_schedule_occurrences_open_work").HasFilter("is_open");
        builder.HasIndex(one => one.ScheduleId).HasDatabaseName("ix_schedule_occurrences_open").HasFilter("is_open");
        builder.HasIndex(one => one.StartedKind).HasDatabaseName("ix_schedule_occurrences_open_groups")
            .HasFilter("is_open and work_kind is null");
        builder.HasIndex(one => one.RecordedAt).HasDatabaseName("ix_schedule_occurrences_recorded");
    }
}
