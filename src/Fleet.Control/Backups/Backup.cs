using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Backups;

/// <summary>One operation of restic. What it adds to the row of all work lies in the table <c>backups</c>.</summary>
internal sealed class Backup : WorkRow
{
    public const string FamilyName = "backup";

    public Backup() => Family = FamilyName;

    public Guid RepositoryId { get; set; }

    public string RepositoryName { get; set; } = "";

    /// <summary>With a backup of files, a restore or a drill of a group's snapshot.</summary>
    public Guid? SourceGroupId { get; set; }

    public string? SourceGroupName { get; set; }

    /// <summary>The snapshot that it made, or that it is about.</summary>
    public string? SnapshotId { get; set; }

    /// <summary>How much went wrong without ending it.</summary>
    public int IssueCount { get; set; }

    public override DomainEvent? EventOf(string state, DateTimeOffset now) => BackupEventPayload.Of(this, state, now);
}
