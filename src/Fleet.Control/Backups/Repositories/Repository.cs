using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Backups.Repositories;

/// <summary>Where snapshots are stored, and what is known of it.</summary>
internal sealed class Repository
{
    public Guid Id { get; set; }

    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>Without user and password, to be shown.</summary>
    public string Url { get; set; } = "";

    /// <summary>The <see cref="RepositorySecrets"/>, sealed.</summary>
    public byte[] Secrets { get; set; } = [];

    public bool HasAdmin { get; set; }

    /// <summary>Who looks after it where nobody else is named.</summary>
    public string? Agent { get; set; }

    public int? UploadKibPerSecond { get; set; }

    public int? DownloadKibPerSecond { get; set; }

    public int? Nice { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Name of the key that made it.</summary>
    public string CreatedBy { get; set; } = "";

    public long? TotalSizeBytes { get; set; }

    public long? RawSizeBytes { get; set; }

    public long? UniqueFiles { get; set; }

    public long? SnapshotCount { get; set; }

    public DateTimeOffset? LastCheckAt { get; set; }

    public string? LastCheckStatus { get; set; }

    public bool? LockPresent { get; set; }

    public DateTimeOffset? LastPruneAt { get; set; }

    public long? LastPruneFreedBytes { get; set; }

    /// <summary>When an agent told of its figures last.</summary>
    public DateTimeOffset? StatsAt { get; set; }

    /// <summary>When its snapshots were listed last.</summary>
    public DateTimeOffset? RefreshedAt { get; set; }
}

/// <summary>How large a repository was at a time.</summary>
internal sealed class RepositorySize
{
    public Guid RepositoryId { get; set; }

    public DateTimeOffset At { get; set; }

    public long? TotalSizeBytes { get; set; }

    public long? RawSizeBytes { get; set; }

    public long? SnapshotCount { get; set; }
}

/// <summary>Table <c>repositories</c>.</summary>
internal sealed class RepositoryTables : IEntityTypeConfiguration<Repository>
{
    public void Configure(EntityTypeBuilder<Repository> builder)
    {
        builder.ToTable("repositories");
        builder.HasKey(repository => repository.Id);
        builder.Property(repository => repository.Id).ValueGeneratedNever();
        builder.HasIndex(repository => new { repository.Tenant, repository.Name }).IsUnique().HasDatabaseName("ux_repositories_name");
    }
}

/// <summary>Table <c>repository_sizes</c>.</summary>
internal sealed class RepositorySizeTables : IEntityTypeConfiguration<RepositorySize>
{
    public void Configure(EntityTypeBuilder<RepositorySize> builder)
    {
        builder.ToTable("repository_sizes");
        builder.HasKey(size => new { size.RepositoryId, size.At });
    }
}
