using Fleet.Control.Platform.Dispatch;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Platform.Work.Queue;

/// <summary>An assignment that counts towards a rate, for as long as the rate looks back.</summary>
internal sealed class RateStart
{
    public Guid WorkId { get; set; }

    public int Attempt { get; set; }

    public Guid RateId { get; set; }

    public DateTimeOffset At { get; set; }

    public DateTimeOffset Until { get; set; }

    public static RateStart Of(WorkRow work, RateTerms rate, DateTimeOffset now) => new()
    {
        WorkId = work.CorrelationId,
        Attempt = work.Attempt,
        RateId = rate.Id,
        At = now,
        Until = now.AddSeconds(rate.Seconds),
    };
}

/// <summary>Table <c>rate_starts</c>.</summary>
internal sealed class RateStartTables : IEntityTypeConfiguration<RateStart>
{
    public void Configure(EntityTypeBuilder<RateStart> builder)
    {
        builder.ToTable("rate_starts");
        builder.HasKey(start => new { start.WorkId, start.Attempt });
        builder.HasIndex(start => start.Until).HasDatabaseName("ix_rate_starts_until");
        builder.HasIndex(start => new { start.RateId, start.At }).HasDatabaseName("ix_rate_starts_rate");
    }
}
