using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Journal;

internal sealed class JournalTables : IEntityTypeConfiguration<JournalEntry>
{
    public void Configure(EntityTypeBuilder<JournalEntry> builder)
    {
        builder.ToTable("journal");
        builder.HasKey(entry => new { entry.Stream, entry.Seq });
        builder.Property(entry => entry.Seq).ValueGeneratedNever();
        builder.Property(entry => entry.Data).HasColumnType("json");
    }
}
