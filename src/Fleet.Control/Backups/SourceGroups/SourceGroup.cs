using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Backups.SourceGroups;

/// <summary>Files of one agent that are backed up together, to one repository.</summary>
internal sealed class SourceGroup
{
    public Guid Id { get; set; }

    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    public string Agent { get; set; } = "";

    public Guid RepositoryId { get; set; }

    /// <summary>The <see cref="SourceGroupTerms"/> as JSON.</summary>
    public string Terms { get; set; } = "{}";

    /// <summary>How old the newest good snapshot may be, in seconds; null where nobody minds.</summary>
    public int? NewestWithinS { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Name of the key that made it.</summary>
    public string CreatedBy { get; set; } = "";
}

/// <summary>Table <c>source_groups</c>.</summary>
internal sealed class SourceGroupTables : IEntityTypeConfiguration<SourceGroup>
{
    public void Configure(EntityTypeBuilder<SourceGroup> builder)
    {
        builder.ToTable("source_groups");
        builder.HasKey(group => group.Id);
        builder.Property(group => group.Id).ValueGeneratedNever();
        builder.Property(group => group.Terms).HasColumnType("json");
        builder.HasIndex(group => new { group.Tenant, group.Name }).IsUnique().HasDatabaseName("ux_source_groups_name");
        builder.HasIndex(group => group.RepositoryId).HasDatabaseName("ix_source_groups_repository");
        builder.HasIndex(group => group.Agent).HasDatabaseName("ix_source_groups_agent");
    }
}
