using Fleet.Control.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>While it is there, nothing that it covers starts. What runs goes on.</summary>
internal sealed class Freeze : ITenantRow
{
    /// <summary>Whose work it holds; the default tenant's holds everybody's.</summary>
    public string Tenant { get; set; } = Tenants.Default;

    public string Name { get; set; } = "";

    /// <summary>Kinds of work; empty means all.</summary>
    public string[] Kinds { get; set; } = [];

    public string? Reason { get; set; }

    /// <summary>Name of the key that made it.</summary>
    public string By { get; set; } = "";

    public DateTimeOffset At { get; set; }

    public bool Covers(DemandClass demand) => IsOver(demand.Tenant) && (Kinds.Length == 0 || Kinds.Contains(demand.Kind));

    /// <summary>Whether work of this tenant is held by it.</summary>
    public bool IsOver(string tenant) => Tenant == Tenants.Default || Tenant == tenant;
}

/// <summary>Table <c>freezes</c>.</summary>
internal sealed class FreezeTables : IEntityTypeConfiguration<Freeze>
{
    public void Configure(EntityTypeBuilder<Freeze> builder)
    {
        builder.ToTable("freezes");
        builder.HasKey(freeze => new { freeze.Tenant, freeze.Name });
        builder.Property(freeze => freeze.Tenant).HasDefaultValue(Tenants.Default);
    }
}
