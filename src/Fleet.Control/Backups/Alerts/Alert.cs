using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Backups.Alerts;

/// <summary>Something about backups that a person should see to. There is one at a time about one thing.</summary>
internal sealed class Alert
{
    public const string Open = "open";
    public const string Acknowledged = "acknowledged";
    public const string Resolved = "resolved";

    public Guid Id { get; set; }

    public string Tenant { get; set; } = "";

    /// <summary>One of <see cref="AlertKinds"/>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>What it is about; of one key only one alert is not resolved.</summary>
    public string Key { get; set; } = "";

    public string State { get; set; } = Open;

    public string Message { get; set; } = "";

    public Guid? RepositoryId { get; set; }

    public string? Repository { get; set; }

    public Guid? SourceGroupId { get; set; }

    public string? SourceGroup { get; set; }

    public string? Agent { get; set; }

    /// <summary>The latest backup that gave reason for it.</summary>
    public Guid? BackupId { get; set; }

    public DateTimeOffset RaisedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    public DateTimeOffset? AcknowledgedAt { get; set; }

    /// <summary>Name of the key that acknowledged it.</summary>
    public string? AcknowledgedBy { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }
}

/// <summary>What alerts are about.</summary>
internal static class AlertKinds
{
    /// <summary>The latest operation failed.</summary>
    public const string Failed = "failed";

    /// <summary>The newest good snapshot is older than it may be.</summary>
    public const string Stale = "stale";

    /// <summary>It had to start by a time, and nobody could.</summary>
    public const string Missed = "missed";

    /// <summary>A check or a drill found damage.</summary>
    public const string Corrupt = "corrupt";

    /// <summary>The agent has been silent for too long.</summary>
    public const string Offline = "offline";

    /// <summary>Somebody else held the repository until the attempts were used up.</summary>
    public const string Locked = "locked";

    public static IReadOnlyList<string> All { get; } = [Failed, Stale, Missed, Corrupt, Offline, Locked];
}

/// <summary>Table <c>alerts</c>.</summary>
internal sealed class AlertTables : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> builder)
    {
        builder.ToTable("alerts");
        builder.HasKey(alert => alert.Id);
        builder.Property(alert => alert.Id).ValueGeneratedNever();
        builder.HasIndex(alert => new { alert.Tenant, alert.Id }).HasDatabaseName("ix_alerts_tenant");
        builder.HasIndex(alert => alert.Key).IsUnique().HasDatabaseName("ux_alerts_key").HasFilter("state <> 'resolved'");
    }
}
