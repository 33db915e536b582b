using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>How long finished work is kept that has all that it names.</summary>
internal sealed class RetentionRule
{
    public Guid Id { get; init; }

    /// <summary>Null means every tenant's.</summary>
    public string? Tenant { get; init; }

    /// <summary>Null means every kind.</summary>
    public string? Kind { get; init; }

    /// <summary>A JSON object of strings; work needs all of them.</summary>
    public string Labels { get; init; } = "{}";

    public int LabelCount { get; init; }

    /// <summary>From the end of the work on; null means for ever.</summary>
    public long? KeepSeconds { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>How far retention got, for whoever asks any Control.</summary>
internal sealed class RetentionProgress
{
    public const string Jobs = "jobs";

    public string Name { get; init; } = "";

    /// <summary>When it last had looked through everything that was due.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>Pieces of work, since there is this table.</summary>
    public long Removed { get; init; }
}

/// <summary>Tables <c>retention_rules</c> and <c>retention_progress</c>.</summary>
internal sealed class RetentionTables : IEntityTypeConfiguration<RetentionRule>, IEntityTypeConfiguration<RetentionProgress>
{
    public void Configure(EntityTypeBuilder<RetentionRule> builder)
    {
        builder.ToTable("retention_rules");
        builder.HasKey(rule => rule.Id);
        builder.Property(rule => rule.Id).ValueGeneratedNever();
        builder.Property(rule => rule.Labels).HasColumnType("jsonb");
    }

    public void Configure(EntityTypeBuilder<RetentionProgress> builder)
    {
        builder.ToTable("retention_progress");
        builder.HasKey(progress => progress.Name);
    }
}
