using Fleet.Contracts.Attempts;
using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups.Operations;

/// <summary>What one kind of backup does with restic.</summary>
internal interface IResticOperation
{
    /// <summary>One of <see cref="BackupKinds"/>.</summary>
    string Kind { get; }

    /// <summary>What of the repository has changed when it ended.</summary>
    Aftermath Aftermath { get; }

    Task<OperationEnd> Run(ResticSession restic);
}

/// <summary>How an operation ended.</summary>
/// <param name="Attempt">Without its result.</param>
/// <param name="Result">What is left of it, also where it failed.</param>
internal sealed record OperationEnd(AttemptResult Attempt, BackupResult Result)
{
    /// <summary>It went as its run of restic did.</summary>
    public static OperationEnd Of(ResticExit exit, ResticSession restic, BackupResult? result = null) =>
        new(exit.Result(restic.Attempt), (result ?? new BackupResult()) with { Summary = exit.Summary });
}

/// <summary>What is told of the repository after an operation.</summary>
internal enum Aftermath
{
    None,

    /// <summary>This host's snapshots may be others.</summary>
    OwnSnapshots,

    /// <summary>Snapshots of any host, and what the repository takes, may be others.</summary>
    Everything,
}
