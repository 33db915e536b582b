using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups.Operations;

/// <summary>Removes data that no snapshot needs.</summary>
internal sealed class PruneOperation(TimeProvider clock) : IResticOperation
{
    public string Kind => BackupKinds.Prune;

    public Aftermath Aftermath => Aftermath.Everything;

    public async Task<OperationEnd> Run(ResticSession restic)
    {
        var exit = await restic.Run(["prune"]);
        if (exit.IsDone)
            restic.Learnt = restic.Learnt with { LastPruneAt = clock.GetUtcNow(), LastPruneFreedBytes = PruneText.Freed(exit.Said) };
        return OperationEnd.Of(exit, restic);
    }
}
