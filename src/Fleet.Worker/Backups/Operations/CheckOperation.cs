using System.Globalization;
using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups.Operations;

/// <summary>Looks whether the repository is whole, and reads a part of its data.</summary>
internal sealed class CheckOperation(TimeProvider clock) : IResticOperation
{
    public string Kind => BackupKinds.Check;

    public Aftermath Aftermath => Aftermath.Everything;

    public async Task<OperationEnd> Run(ResticSession restic)
    {
        var percent = restic.Spec.Check?.ReadDataPercent ?? 0;
        string[] data = percent <= 0 ? []
            : percent >= 100 ? ["--read-data"]
            : [string.Create(CultureInfo.InvariantCulture, $"--read-data-subset={percent:0.####}%")];
        var exit = await restic.Run(["check", .. data]);
        var end = OperationEnd.Of(exit, restic);
        if (!exit.IsOwnEnd)
            return end;
        var isCorrupt = !exit.IsDone && exit.Failure.Code is BackupErrors.Corrupt or BackupErrors.Restic;
        if (exit.IsDone || isCorrupt)
            restic.Learnt = restic.Learnt with { LastCheckAt = clock.GetUtcNow(), LastCheckStatus = isCorrupt ? "errors" : "ok" };
        return !isCorrupt ? end : end with
        {
            Attempt = end.Attempt with { ErrorCode = BackupErrors.Corrupt, IsFinal = true },
        };
    }
}
