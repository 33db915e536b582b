using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Backups;

/// <summary>Backups: every operation of restic.</summary>
internal sealed class BackupFamily(BackupLifecycle lifecycle, WorkRowStore<Backup> rows) : WorkFamily<Backup>(lifecycle, rows)
{
    public override string Name => Backup.FamilyName;

    public override WorkScopes Scopes { get; } = new(Scope.BackupsRead, Scope.BackupsManage, Scope.BackupsManage);

    public override (string Name, string Data) EventOf(JournalEntry entry) => BackupEvents.Of(entry);

    protected override object View(Backup row, IEnumerable<ArtifactView> artifacts) => BackupView.Of(row);
}
