using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Cluster;

/// <summary>Which process leads, until when.</summary>
internal sealed class Leader
{
    public string Name { get; set; } = "";

    public Guid Holder { get; set; }

    public DateTimeOffset Until { get; set; }
}

internal sealed class LeaderTables : IEntityTypeConfiguration<Leader>
{
    public void Configure(EntityTypeBuilder<Leader> builder)
    {
        builder.ToTable("leaders");
        builder.HasKey(leader => leader.Name);
        builder.HasIndex(leader => leader.Holder).IsUnique().HasDatabaseName("ux_leaders_holder");
    }
}
