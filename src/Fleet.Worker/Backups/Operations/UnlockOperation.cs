using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups.Operations;

/// <summary>Removes locks that nobody holds any more: old ones, and those of processes of this host that are gone.</summary>
internal sealed class UnlockOperation : IResticOperation
{
    public string Kind => BackupKinds.Unlock;

    public Aftermath Aftermath => Aftermath.OwnSnapshots;

    public async Task<OperationEnd> Run(ResticSession restic) => OperationEnd.Of(await restic.RunOnce(["unlock"]), restic);
}
