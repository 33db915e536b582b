using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Outbox;

internal sealed class OutboxTables : IEntityTypeConfiguration<OutboxRow>
{
    public void Configure(EntityTypeBuilder<OutboxRow> builder)
    {
        builder.ToTable("outbox");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Body).HasColumnType("json");
        builder.Property(row => row.DeliverAt).HasDefaultValueSql("now()");
        builder.Ignore(row => row.Delay);
        builder.Ignore(row => row.Message);
        builder.Ignore(row => row.IsTimer);
        builder.HasIndex(row => row.DeliverAt).HasDatabaseName("ix_outbox_due");
        builder.HasIndex(row => row.Token).HasDatabaseName("ix_outbox_token").HasFilter("token is not null");
    }
}
