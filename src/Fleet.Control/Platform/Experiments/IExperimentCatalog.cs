namespace Fleet.Control.Platform.Experiments;

/// <summary>Knows the commits that runs may be of.</summary>
internal interface IExperimentCatalog
{
    /// <summary>Null when the tenant has no such commit.</summary>
    Task<KnownCommit?> Find(string tenant, string commit, CancellationToken stop);
}

/// <param name="HasEntry">Whether it says, or shows, what is to be started.</param>
/// <param name="Missing">A file of it whose bytes are not there; null where all are.</param>
internal sealed record KnownCommit(bool HasEntry, string? Missing);

/// <summary>Knows the datasets that runs may name.</summary>
internal interface IDatasetCatalog
{
    /// <summary>Those of the names that the tenant has.</summary>
    Task<IReadOnlyList<KnownDataset>> Find(string tenant, IReadOnlyCollection<string> names, CancellationToken stop);
}

/// <param name="Sha256">Lower-case hex; null where nobody knows it.</param>
internal sealed record KnownDataset(string Name, string Url, string? Sha256, long? Size);
