using Fleet.Control.Platform.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>When executions of a manifest begin: by the calendar, or whenever an agent is without a success that is young enough.</summary>
internal sealed record RecurringSchedule : ITenantRow
{
    public Guid Id { get; set; }

    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>Grows with each change that somebody asks for.</summary>
    public int Revision { get; set; } = 1;

    /// <summary>As it was posted, byte for byte.</summary>
    public byte[] Text { get; set; } = [];

    public bool IsYaml { get; set; }

    public bool Enabled { get; set; }

    /// <summary>Name of the manifest.</summary>
    public string Manifest { get; set; } = "";

    /// <summary>The key on whose behalf it starts, and its name.</summary>
    public Guid Owner { get; set; }

    public string By { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When it is looked at next; null where nothing can come of it any more.</summary>
    public DateTimeOffset? LookAt { get; set; }

    /// <summary>Counts what was decided, so that two Controls decide once.</summary>
    public int Looks { get; set; }
}

/// <summary>While it holds, schedules of the tenant start nothing. What was started goes on.</summary>
internal sealed class ScheduleFreeze : ITenantRow
{
    public string Tenant { get; set; } = "";

    /// <summary>As it was put: JSON.</summary>
    public string Body { get; set; } = "{}";

    public DateTimeOffset? From { get; set; }

    public DateTimeOffset? Until { get; set; }
}

internal sealed class RecurringScheduleTables : IEntityTypeConfiguration<RecurringSchedule>
{
    public void Configure(EntityTypeBuilder<RecurringSchedule> builder)
    {
        builder.ToTable("manifest_schedules");
        builder.HasKey(schedule => new { schedule.Tenant, schedule.Name });
        builder.HasIndex(schedule => schedule.Id).IsUnique().HasDatabaseName("ux_manifest_schedules_id");
        builder.HasIndex(schedule => schedule.LookAt).HasDatabaseName("ix_manifest_schedules_look")
            .HasFilter("enabled and look_at is not null");
        builder.HasIndex(schedule => new { schedule.Tenant, schedule.Manifest }).HasDatabaseName("ix_manifest_schedules_manifest");
    }
}

internal sealed class ScheduleFreezeTables : IEntityTypeConfiguration<ScheduleFreeze>
{
    public void Configure(EntityTypeBuilder<ScheduleFreeze> builder)
    {
        builder.ToTable("manifest_schedule_freezes");
        builder.HasKey(freeze => freeze.Tenant);
        builder.Property(freeze => freeze.Body).HasColumnType("json");
    }
}
