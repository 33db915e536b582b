using Fleet.Contracts.Experiments;

namespace Fleet.Control.Experiments.Commits;

/// <summary>A commit: files that belong together, and how they are started. It never changes.</summary>
/// <param name="Size">Bytes of all files.</param>
/// <param name="Entry">Program and arguments; empty where it has none.</param>
/// <param name="Dependencies">The file that lists what it depends on; null where there is none.</param>
internal sealed record Commit(
    string Tenant,
    string Id,
    int FilesCount,
    long Size,
    string OverallSha,
    string[] Entry,
    Dictionary<string, string> Env,
    string? Dependencies,
    DateTimeOffset CreatedAt,
    string CreatedBy);

/// <summary>What an archive holds, when all of it is stored.</summary>
internal sealed record ReceivedArchive(IReadOnlyList<SnapshotFile> Files, CommitSettings Settings)
{
    public long Size => Files.Sum(file => file.Size);
}

/// <summary>What clients see of a commit.</summary>
internal sealed record CommitView(
    string CommitId,
    int FilesCount,
    string OverallSha,
    long Size,
    IReadOnlyList<string> Entry,
    IReadOnlyDictionary<string, string> Env,
    string? Dependencies,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    IReadOnlyList<CommitFileView>? Files = null)
{
    public static CommitView Of(Commit commit, IReadOnlyList<SnapshotFile>? files = null) => new(
        commit.Id, commit.FilesCount, commit.OverallSha, commit.Size, commit.Entry, commit.Env, commit.Dependencies, commit.CreatedAt,
        commit.CreatedBy, files?.Select(file => new CommitFileView(file.Path, file.Size, file.Sha256, file.Executable)).ToList());
}

/// <summary>A file of a commit.</summary>
internal sealed record CommitFileView(string Path, long Size, string Sha256, bool Executable);

/// <summary>What is answered to an upload.</summary>
internal sealed record CommitUploadView(string CommitId, int FilesCount, string OverallSha);
