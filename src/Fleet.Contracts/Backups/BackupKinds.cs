namespace Fleet.Contracts.Backups;

/// <summary>Kinds of backups: one operation of restic on one repository, by one agent.</summary>
public static class BackupKinds
{
    /// <summary>Makes the repository.</summary>
    public const string Init = "init";

    /// <summary>Stores the files of a source group as a snapshot: <see cref="BackupSpec.Source"/>.</summary>
    public const string Backup = "backup";

    /// <summary>Drops snapshots that no rule keeps: <see cref="BackupSpec.ForgetGroups"/>.</summary>
    public const string Forget = "forget";

    /// <summary>Removes data that no snapshot needs.</summary>
    public const string Prune = "prune";

    /// <summary>Looks whether the repository is whole: <see cref="BackupSpec.Check"/>.</summary>
    public const string Check = "check";

    /// <summary>Removes locks that nobody holds any more.</summary>
    public const string Unlock = "unlock";

    /// <summary>Writes files of a snapshot to a host: <see cref="BackupSpec.Restore"/>.</summary>
    public const string Restore = "restore";

    /// <summary>Compares two snapshots: <see cref="BackupSpec.Diff"/>.</summary>
    public const string Diff = "diff";

    /// <summary>What an agent needs slots of to run any of them.</summary>
    public const string Capability = "backup";

    public static IReadOnlyList<string> All { get; } = [Init, Backup, Forget, Prune, Check, Unlock, Restore, Diff];

    /// <summary>
    /// Kinds that run alone in their repository: two remove what others may still count on, and for all of them restic locks the
    /// others out.
    /// </summary>
    public static IReadOnlyList<string> Exclusive { get; } = [Forget, Prune, Check];
}
