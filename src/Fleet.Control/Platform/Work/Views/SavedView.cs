using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Work.Views;

/// <summary>A filter that a tenant has given a name.</summary>
internal sealed class SavedView
{
    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>As it was written: what is relative in it is relative to its use.</summary>
    public string Filter { get; set; } = "";

    public string? Description { get; set; }

    /// <summary>Who wrote it last.</summary>
    public string ChangedBy { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

internal sealed class SavedViewTables : IEntityTypeConfiguration<SavedView>
{
    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.ToTable("views");
        builder.HasKey(view => new { view.Tenant, view.Name });
        builder.Property(view => view.Name).UseCollation("C"); // lists go by it
    }
}
