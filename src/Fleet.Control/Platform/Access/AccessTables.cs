using Fleet.Control.Platform.Access.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Access;

/// <summary>Table <c>api_keys</c>.</summary>
internal sealed class AccessTables : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.HasKey(key => key.Id).HasName("pk_api_keys");
        builder.Property(key => key.Id).ValueGeneratedNever();
        builder.HasIndex(key => key.Sha256).IsUnique().HasDatabaseName("ux_api_keys_sha256");
    }
}
