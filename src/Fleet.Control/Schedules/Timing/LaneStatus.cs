using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Schedules.Timing;

/// <summary>How Quartz keeps a lane going.</summary>
internal sealed class LaneStatus
{
    public int Lane { get; set; }

    /// <summary>When Quartz said "due" last.</summary>
    public DateTimeOffset? PromptedAt { get; set; }

    /// <summary>How often its trigger was stuck and was repaired.</summary>
    public int Repairs { get; set; }

    public DateTimeOffset? RepairedAt { get; set; }

    /// <summary>Why it was repaired last.</summary>
    public string? Trouble { get; set; }
}

/// <summary>Table <c>schedule_lanes</c>.</summary>
internal sealed class LaneTables : IEntityTypeConfiguration<LaneStatus>
{
    public void Configure(EntityTypeBuilder<LaneStatus> builder)
    {
        builder.ToTable("schedule_lanes");
        builder.HasKey(lane => lane.Lane);
        builder.Property(lane => lane.Lane).ValueGeneratedNever();
    }
}
