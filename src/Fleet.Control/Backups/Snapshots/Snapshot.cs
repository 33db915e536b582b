using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Backups.Snapshots;

/// <summary>A snapshot in a repository, as its agents listed it last.</summary>
internal sealed class Snapshot
{
    public Guid RepositoryId { get; set; }

    /// <summary>Restic's whole id.</summary>
    public string Id { get; set; } = "";

    public string Tenant { get; set; } = "";

    public string ShortId { get; set; } = "";

    public DateTimeOffset Time { get; set; }

    /// <summary>As the snapshot names its host.</summary>
    public string Hostname { get; set; } = "";

    /// <summary>Whose files they are.</summary>
    public string Agent { get; set; } = "";

    public string[] Paths { get; set; } = [];

    public string[] Tags { get; set; } = [];

    public long? SizeBytes { get; set; }

    public long? FileCount { get; set; }

    public DateTimeOffset ReportedAt { get; set; }
}

/// <summary>Table <c>snapshots</c>.</summary>
internal sealed class SnapshotTables : IEntityTypeConfiguration<Snapshot>
{
    public void Configure(EntityTypeBuilder<Snapshot> builder)
    {
        builder.ToTable("snapshots");
        builder.HasKey(snapshot => new { snapshot.RepositoryId, snapshot.Id });
        builder.HasIndex(snapshot => new { snapshot.Tenant, snapshot.Time, snapshot.Id }).HasDatabaseName("ix_snapshots_time");
        builder.HasIndex(snapshot => new { snapshot.Tenant, snapshot.Id }).HasDatabaseName("ix_snapshots_id");
    }
}
