namespace Fleet.Contracts.Backups;

/// <summary>One operation of restic. Each kind has one part; the others are null.</summary>
/// <param name="RepositoryId">Id of the repository on the wire.</param>
/// <param name="RepositoryName">As people call it.</param>
/// <param name="RequiresAdminCreds">It uses the admin slot of the credentials; otherwise the everyday one, which may only
/// append.</param>
/// <param name="Ticket">What the agent gets the credentials for; see <see cref="RepositoryTicket"/>. Only in what an agent
/// is told.</param>
/// <param name="Source">With <see cref="BackupKinds.Backup"/>.</param>
/// <param name="ForgetGroups">With <see cref="BackupKinds.Forget"/>: at least one.</param>
/// <param name="Restore">With <see cref="BackupKinds.Restore"/>.</param>
/// <param name="Diff">With <see cref="BackupKinds.Diff"/>.</param>
/// <param name="Check">With <see cref="BackupKinds.Check"/>.</param>
/// <param name="UploadKibPerSecond">Null means as fast as it can.</param>
/// <param name="DownloadKibPerSecond">Null means as fast as it can.</param>
/// <param name="Nice">How much restic gives way on its host, 0 to 19; null means as the agent's settings say.</param>
/// <param name="LockWaitSeconds">How long it waits for a repository that another holds a lock on.</param>
/// <param name="RemovesStaleLocks">Locks that nobody holds any more, by restic's own rule, are removed where they are in the way:
/// older than half an hour, or of a process of this host that is gone.</param>
public sealed record BackupSpec(
    string RepositoryId,
    string RepositoryName,
    bool RequiresAdminCreds = false,
    string? Ticket = null,
    BackupSource? Source = null,
    IReadOnlyList<ForgetGroup>? ForgetGroups = null,
    RestoreOrder? Restore = null,
    DiffOrder? Diff = null,
    CheckOrder? Check = null,
    int? UploadKibPerSecond = null,
    int? DownloadKibPerSecond = null,
    int? Nice = null,
    int LockWaitSeconds = 60,
    bool RemovesStaleLocks = true);

/// <summary>What is backed up: one source group.</summary>
/// <param name="GroupId">Id of the source group on the wire.</param>
/// <param name="Includes">Absolute paths, at least one.</param>
/// <param name="Excludes">Patterns as restic's <c>--exclude</c> has them.</param>
/// <param name="Tags">Tags of the snapshot; the name of the group is the first.</param>
/// <param name="OneFileSystem">Other file systems that are mounted below the paths are left out.</param>
public sealed record BackupSource(
    string GroupId,
    string GroupName,
    IReadOnlyList<string> Includes,
    IReadOnlyList<string> Excludes,
    IReadOnlyList<string> Tags,
    bool OneFileSystem = false,
    BackupHooks? Hooks = null);

/// <summary>Scripts for <c>sh</c> around a backup. One that fails before it keeps it from starting.</summary>
/// <param name="Before">Null means none.</param>
/// <param name="After">Runs whatever became of the backup, with <c>FLEET_BACKUP_OUTCOME</c>; null means none.</param>
/// <param name="TimeoutSeconds">How long each may take.</param>
public sealed record BackupHooks(string? Before = null, string? After = null, int TimeoutSeconds = 600);

/// <summary>Which of the snapshots with a tag are kept.</summary>
/// <param name="Tag">The tag that the snapshots of a source group have.</param>
/// <param name="Host">As snapshots name their host; null means any.</param>
public sealed record ForgetGroup(string Tag, KeepRules Keep, string? Host = null);

/// <summary>A snapshot is kept that any of these keeps. At least one is given.</summary>
/// <param name="Within">Everything younger than this, as restic writes it: <c>1y2m3d4h</c>.</param>
public sealed record KeepRules(
    int? Last = null,
    int? Hourly = null,
    int? Daily = null,
    int? Weekly = null,
    int? Monthly = null,
    int? Yearly = null,
    string? Within = null);

/// <summary>What is restored, and where to.</summary>
/// <param name="SnapshotId">The whole id.</param>
/// <param name="Paths">Absolute paths in the snapshot; none means all of it.</param>
/// <param name="InPlace">Files go where they came from.</param>
/// <param name="TargetDir">Otherwise the directory under which their paths are made. It may begin with <c>$HOME</c>,
/// <c>${HOME}</c> or <c>~/</c>, and contain <c>&lt;job-id&gt;</c>; other variables are refused.</param>
/// <param name="Verify">What was written is read again and compared.</param>
/// <param name="Drill">It goes to a scratch directory that is removed, and shows only whether it could be restored.</param>
public sealed record RestoreOrder(
    string SnapshotId,
    IReadOnlyList<string> Paths,
    bool InPlace = false,
    string? TargetDir = null,
    bool Verify = false,
    DrillOrder? Drill = null);

/// <summary>A test of a restore: a sample of files is restored and compared.</summary>
/// <param name="Files">How many files of the snapshot are restored.</param>
/// <param name="MostBytes">How large they may be together.</param>
/// <param name="Seed">Which files these are: the same seed chooses the same.</param>
public sealed record DrillOrder(int Files = 20, long MostBytes = 256L * 1024 * 1024, int Seed = 0);

/// <summary>Two snapshots that are compared, by their whole ids.</summary>
public sealed record DiffOrder(string SnapshotA, string SnapshotB);

/// <summary>How thoroughly a repository is looked at.</summary>
/// <param name="ReadDataPercent">How much of the data is read and compared with its hashes, 0 to 100; the structure always
/// is.</param>
public sealed record CheckOrder(double ReadDataPercent = 0);
