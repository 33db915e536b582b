using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Reports;

/// <summary>
/// How far the reports of one agent session are stored. A report that was stored already changes nothing.
/// </summary>
internal sealed class ReportCursor : IVersionedRow
{
    /// <summary>The session.</summary>
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string Agent { get; set; } = "";

    public long Number { get; set; }

    public DateTimeOffset At { get; set; }
}

internal sealed class ReportTables : IEntityTypeConfiguration<ReportCursor>
{
    public void Configure(EntityTypeBuilder<ReportCursor> builder)
    {
        builder.ToTable("report_cursors");
        builder.HasKey(cursor => cursor.CorrelationId);
        builder.Property(cursor => cursor.CorrelationId).HasColumnName("session").ValueGeneratedNever();
        builder.Property(cursor => cursor.Version).IsConcurrencyToken();
    }
}
