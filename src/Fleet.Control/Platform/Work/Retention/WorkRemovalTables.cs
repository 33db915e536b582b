using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>Work that is gone, while what belonged to it is being erased.</summary>
internal sealed class RemovedWork
{
    public Guid Id { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>Table <c>work_removals</c>.</summary>
internal sealed class WorkRemovalTables : IEntityTypeConfiguration<RemovedWork>
{
    public void Configure(EntityTypeBuilder<RemovedWork> builder)
    {
        builder.ToTable("work_removals");
        builder.HasKey(removed => removed.Id);
        builder.Property(removed => removed.Id).ValueGeneratedNever();
    }
}
