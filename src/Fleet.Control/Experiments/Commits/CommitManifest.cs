using Fleet.Contracts.Experiments;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Commits;

/// <summary>
/// The files of a commit whose contents were sent one by one: <c>PUT /v1/experiments/{commit}/manifest</c>. What is missing of them
/// is named, so that nothing is sent that is there already.
/// </summary>
internal sealed class CommitManifest
{
    public List<CommitManifestFile?> Files { get; init; } = [];

    /// <exception cref="ProblemException">Something is wrong with it; the field is named.</exception>
    public void Check(ExperimentSettings settings)
    {
        if (Files.Count == 0 || Files.Count > settings.MaxFiles)
            throw new ProblemException(Problem.Invalid("files", $"A commit has 1 to {settings.MaxFiles} files."));
        var paths = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Files.Count; i++)
        {
            var file = Files[i] ?? throw new ProblemException(Problem.Invalid($"files[{i}]", "This must not be null."));
            CommitPaths.Check(file.Path, $"files[{i}].path");
            if (!CommitManifestFile.IsDigest(file.Sha256))
                throw new ProblemException(Problem.Invalid($"files[{i}].sha256", CommitManifestFile.DigestRule));
            if (!paths.Add(file.Path))
                throw new ProblemException(Problem.Invalid($"files[{i}].path", "This file is in it twice."));
        }

        CommitPaths.RefuseFilesWithin(paths, "files");
    }
}

/// <summary>One file.</summary>
internal sealed class CommitManifestFile
{
    public const string DigestRule = "This is a SHA-256: 64 hex digits in lower case.";

    public string Path { get; init; } = "";

    /// <summary>Of its content: lower-case hex.</summary>
    public string Sha256 { get; init; } = "";

    public bool Executable { get; init; }

    public static bool IsDigest(string? text) =>
        text is { Length: 64 } && text.All(letter => letter is >= '0' and <= '9' or >= 'a' and <= 'f');

    /// <param name="size">Bytes.</param>
    public SnapshotFile Of(long size) => new(Path, size, Sha256, Executable);
}

/// <summary>A file whose content is stored.</summary>
internal sealed record StoredFileView(string Path, long Size, string Sha256);
