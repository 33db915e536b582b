using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>While it is there, nothing that it covers starts. What runs goes on.</summary>
internal sealed class Freeze
{
    public string Name { get; set; } = "";

    /// <summary>Kinds of work; empty means all.</summary>
    public string[] Kinds { get; set; } = [];

    public string? Reason { get; set; }

    /// <summary>Name of the key that made it.</summary>
    public string By { get; set; } = "";

    public DateTimeOffset At { get; set; }

    public bool Covers(DemandClass demand) => Kinds.Length == 0 || Kinds.Contains(demand.Kind);
}

/// <summary>Table <c>freezes</c>.</summary>
internal sealed class FreezeTables : IEntityTypeConfiguration<Freeze>
{
    public void Configure(EntityTypeBuilder<Freeze> builder)
    {
        builder.ToTable("freezes");
        builder.HasKey(freeze => freeze.Name);
    }
}
