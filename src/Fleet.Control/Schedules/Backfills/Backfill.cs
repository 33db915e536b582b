using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Schedules.Backfills;

/// <summary>Due times of the past that are made up for, and how far it is: saved in the transaction of the starts that it counts.</summary>
internal sealed class Backfill : IVersionedRow
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public Guid ScheduleId { get; set; }

    /// <summary>The first due time that is wanted.</summary>
    public DateTimeOffset From { get; set; }

    /// <summary>The first that is not.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>How many of its starts may be under way at once.</summary>
    public int Concurrency { get; set; }

    /// <summary>One of <see cref="BackfillStates"/>.</summary>
    public string State { get; set; } = BackfillStates.Running;

    /// <summary>The latest due time that was seen to; null before the first.</summary>
    public DateTimeOffset? Reached { get; set; }

    public int Total { get; set; }

    public int Started { get; set; }

    /// <summary>Due times at which something had started before.</summary>
    public int Skipped { get; set; }

    public int Failed { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Name of the key that asked for it.</summary>
    public string CreatedBy { get; set; } = "";

    /// <summary>That key; null where nobody wrote it down.</summary>
    public Guid? AskedBy { get; set; }

    public void Finish(string state, DateTimeOffset now) => (State, FinishedAt) = (state, now);
}

internal static class BackfillStates
{
    public const string Running = "running";

    /// <summary>Everything has started, and what was started may still be under way.</summary>
    public const string Done = "done";

    public const string Cancelled = "cancelled";
}

/// <summary>Table <c>schedule_backfills</c>.</summary>
internal sealed class BackfillTables : IEntityTypeConfiguration<Backfill>
{
    public void Configure(EntityTypeBuilder<Backfill> builder)
    {
        builder.ToTable("schedule_backfills");
        builder.HasKey(backfill => backfill.CorrelationId);
        builder.Property(backfill => backfill.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(backfill => backfill.Version).IsConcurrencyToken();
        builder.Property(backfill => backfill.From).HasColumnName("from_at");
        builder.Property(backfill => backfill.Until).HasColumnName("until_at");
        builder.HasIndex(backfill => new { backfill.ScheduleId, backfill.CorrelationId }).HasDatabaseName("ix_schedule_backfills_schedule");
        builder.HasIndex(backfill => backfill.CorrelationId).HasDatabaseName("ix_schedule_backfills_running")
            .HasFilter("state = 'running'");
    }
}
