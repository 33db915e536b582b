using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>
/// One action on much work of one family, and how far it is: progress is saved in the transaction of the change that it tells of.
/// </summary>
internal sealed class BulkRun : IVersionedRow, ITenantRow
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    /// <summary>Who may see it.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>Whose work it is about alone; null where that is not decided by keys.</summary>
    public Guid? Owner { get; set; }

    /// <summary>It was asked for by somebody to whom the work of every tenant belongs.</summary>
    public bool OfEveryTenant { get; set; }

    /// <summary>Whose work it is about.</summary>
    public string Family { get; set; } = "";

    /// <summary>As <see cref="BulkFilter"/> writes it.</summary>
    public string Filter { get; set; } = "";

    /// <summary>Name of a <see cref="BulkAction"/>.</summary>
    public string Action { get; set; } = "";

    /// <summary>The <see cref="BulkParameters"/> as JSON.</summary>
    public string Parameters { get; set; } = "{}";

    /// <summary>Name of a <see cref="BulkState"/>.</summary>
    public string State { get; set; } = nameof(BulkState.Running);

    /// <summary>The oldest work that was looked at; null before the first.</summary>
    public Guid? Reached { get; set; }

    public long Done { get; set; }

    /// <summary>What the action does not change: finished work to cancel, held work to delete.</summary>
    public long Skipped { get; set; }

    public long Failed { get; set; }

    /// <summary>How much the filter chose at the start, or at least so many; null before they were counted.</summary>
    public long? Total { get; set; }

    public bool TotalIsExact { get; set; }

    public string CreatedBy { get; set; } = "";

    /// <summary>What came later, or finished later where finished work is meant, is not touched.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Why it failed, or why the last piece of work did that failed.</summary>
    public string? Trouble { get; set; }

    public bool IsRunning => State == nameof(BulkState.Running);

    public long Seen => Done + Skipped + Failed;
}

internal sealed class BulkTables : IEntityTypeConfiguration<BulkRun>
{
    public void Configure(EntityTypeBuilder<BulkRun> builder)
    {
        builder.ToTable("bulk_runs");
        builder.HasKey(run => run.CorrelationId);
        builder.Property(run => run.CorrelationId).HasColumnName("id").ValueGeneratedNever();
        builder.Property(run => run.Version).IsConcurrencyToken();
        builder.Property(run => run.Parameters).HasColumnType("json");
        builder.Ignore(run => run.IsRunning);
        builder.Ignore(run => run.Seen);
        builder.HasIndex(run => run.CorrelationId).HasDatabaseName("ix_bulk_runs_running").HasFilter("state = 'Running'");
        builder.HasIndex(run => new { run.Tenant, run.CorrelationId }).HasDatabaseName("ix_bulk_runs_tenant");
    }
}
