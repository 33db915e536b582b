using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Jobs;

/// <summary>A job that is gone, while what belonged to it is being erased.</summary>
internal sealed class RemovedJob
{
    public Guid Id { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>Table <c>job_removals</c>.</summary>
internal sealed class JobRemovalTables : IEntityTypeConfiguration<RemovedJob>
{
    public void Configure(EntityTypeBuilder<RemovedJob> builder)
    {
        builder.ToTable("job_removals");
        builder.HasKey(removed => removed.Id);
        builder.Property(removed => removed.Id).ValueGeneratedNever();
    }
}
