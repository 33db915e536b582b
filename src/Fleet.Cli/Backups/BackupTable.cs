using System.Globalization;
using Fleet.Cli.Output;
using Fleet.Client.Backups;

namespace Fleet.Cli.Backups;

/// <summary>How backups, snapshots and their files look in tables.</summary>
internal static class BackupTable
{
    public static View<Snapshot> Snapshots { get; } = new(
        one => one.Id,
        new Column<Snapshot>("SNAPSHOT", one => one.ShortId),
        new Column<Snapshot>("TIME", one => Words.Time(one.Time)),
        new Column<Snapshot>("AGENT", one => one.Agent),
        new Column<Snapshot>("PATHS", one => string.Join(' ', one.Paths)),
        new Column<Snapshot>("FILES", one => one.FileCount is { } count ? Words.Number(count) : null),
        new Column<Snapshot>("SIZE", one => Words.Bytes(one.SizeBytes)),
        new Column<Snapshot>("TAGS", one => string.Join(' ', one.Tags), IsWide: true),
        new Column<Snapshot>("HOST", one => one.Hostname, IsWide: true),
        new Column<Snapshot>("ID", one => one.Id, IsWide: true));

    public static View<SnapshotEntry> Entries { get; } = new(
        one => one.Path,
        new Column<SnapshotEntry>("NAME", one => one.Type == "dir" ? one.Name + "/" : one.Name),
        new Column<SnapshotEntry>("SIZE", one => Words.Bytes(one.Size)),
        new Column<SnapshotEntry>("CHANGED", one => Words.Time(one.Mtime)),
        new Column<SnapshotEntry>("TYPE", one => one.Type, IsWide: true),
        new Column<SnapshotEntry>("PATH", one => one.Path, IsWide: true));

    public static View<Backup> View(TimeProvider clock) => new(
        one => one.BackupId,
        new Column<Backup>("BACKUP", one => one.BackupId),
        new Column<Backup>("KIND", one => one.Kind),
        new Column<Backup>("STATE", one => one.State, Tone: one => Words.ToneOf(one.State)),
        new Column<Backup>("SOURCE", one => one.SourceGroup),
        new Column<Backup>("REPOSITORY", one => one.Repository),
        new Column<Backup>("AGENT", one => one.Agent),
        new Column<Backup>("SNAPSHOT", one => one.SnapshotId),
        new Column<Backup>("ISSUES", one => one.IssueCount > 0 ? Words.Number(one.IssueCount) : null, Tone: _ => Tone.Bad),
        new Column<Backup>("AGE", one => Words.Age(one.CreatedAt, clock)),
        new Column<Backup>("TOOK", one => Words.Between(one.StartedAt, one.FinishedAt, clock)),
        new Column<Backup>("ERROR", one => one.Error is { } error ? $"{error.Code}: {error.Message}" : null, IsWide: true, _ => Tone.Bad),
        new Column<Backup>("TARGET", one => one.TargetDir, IsWide: true),
        new Column<Backup>("ATTEMPT", one => $"{one.Attempt}/{one.MaxAttempts}", IsWide: true),
        new Column<Backup>("CREATED", one => Words.Time(one.CreatedAt), IsWide: true),
        new Column<Backup>("FINISHED", one => Words.Time(one.FinishedAt), IsWide: true));

    /// <summary>One line of how far it is.</summary>
    public static string Line(Backup one)
    {
        if (one.Progress is not { Fraction: { } fraction } progress)
            return one.State;
        var done = $"{Words.Bytes(progress.BytesDone)} of {Words.Bytes(progress.BytesTotal)}";
        return string.Create(CultureInfo.InvariantCulture, $"{one.State}: {fraction * 100:0}%, {done}, {progress.CurrentFile}");
    }
}
