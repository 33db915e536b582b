using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Jobs;

internal sealed class JobStartTables : IEntityTypeConfiguration<JobStart>
{
    public void Configure(EntityTypeBuilder<JobStart> builder)
    {
        builder.ToTable("job_starts");
        builder.HasKey(start => new { start.JobId, start.Attempt });
        builder.HasIndex(start => start.Until).HasDatabaseName("ix_job_starts_until");
        builder.HasIndex(start => new { start.RateId, start.At }).HasDatabaseName("ix_job_starts_rate");
    }
}
