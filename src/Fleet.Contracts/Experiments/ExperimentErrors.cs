namespace Fleet.Contracts.Experiments;

/// <summary>Codes of runs that did not begin, since what they needed was not there or not what it should be.</summary>
public static class ExperimentErrors
{
    /// <summary>A file of the commit cannot be fetched.</summary>
    public const string SnapshotMissing = "snapshot_missing";

    /// <summary>A file of the commit is not what its digest says.</summary>
    public const string SnapshotCorrupt = "snapshot_corrupt";

    /// <summary>A dataset cannot be fetched.</summary>
    public const string DatasetMissing = "dataset_missing";

    /// <summary>A dataset is not what its digest says.</summary>
    public const string DatasetCorrupt = "dataset_corrupt";

    /// <summary>The commit names no program to start.</summary>
    public const string NoEntry = "no_entry";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [SnapshotMissing, SnapshotCorrupt, DatasetMissing, DatasetCorrupt, NoEntry];
}
