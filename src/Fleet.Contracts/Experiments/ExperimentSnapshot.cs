namespace Fleet.Contracts.Experiments;

/// <summary>The files of a commit and how they are started, as an agent is told them for one attempt.</summary>
/// <param name="OverallSha">SHA-256 of the listing of all files; see <see cref="Listing"/>.</param>
/// <param name="Entry">Program and arguments.</param>
/// <param name="Dependencies">The file that lists what it depends on; null where there is none.</param>
public sealed record ExperimentSnapshot(
    string Commit,
    string OverallSha,
    IReadOnlyList<SnapshotFile> Files,
    IReadOnlyList<string> Entry,
    IReadOnlyDictionary<string, string> Env,
    string? Dependencies,
    IReadOnlyList<SnapshotDataset> Datasets)
{
    /// <summary>Where in its directory a run finds its data, each dataset in a directory of its name.</summary>
    public const string DatasetsDirectory = "datasets";

    /// <summary>A line for each file, by path: digest, two blanks, path. What <see cref="OverallSha"/> is the digest of.</summary>
    public static string Listing(IEnumerable<SnapshotFile> files) => string.Concat(files
        .OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{file.Sha256}  {file.Path}\n"));
}

/// <summary>One file of a commit.</summary>
/// <param name="Path">Relative, with <c>/</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record SnapshotFile(string Path, long Size, string Sha256, bool Executable);

/// <summary>Data that a run needs.</summary>
/// <param name="Sha256">Lower-case hex; null where nobody knows it.</param>
/// <param name="Size">Bytes; null where nobody knows it.</param>
public sealed record SnapshotDataset(string Name, string Url, string? Sha256, long? Size);
