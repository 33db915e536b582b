using Fleet.Worker.Platform.Files;

namespace Fleet.Worker.Attempts;

/// <summary>A file the attempt left to be kept.</summary>
/// <param name="Name">Its path below the artifacts directory, with <c>/</c>.</param>
internal readonly record struct ArtifactFile(string Name, string Path);

/// <summary>Finds artifacts: plain files only. Links are neither followed nor kept: they lead anywhere.</summary>
internal static class ArtifactFiles
{
    private static readonly EnumerationOptions _plain = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint, // a link to a directory is not entered
        IgnoreInaccessible = false,
    };

    /// <exception cref="IOException">Something in there cannot be named or read.</exception>
    /// <exception cref="UnauthorizedAccessException">A directory in there cannot be read.</exception>
    public static IReadOnlyList<ArtifactFile> In(string directory)
    {
        var root = new DirectoryInfo(directory);
        if (!root.Exists || root.LinkTarget is not null)
            return [];
        return
        [
            .. Directory.EnumerateFiles(directory, "*", _plain)
                .Where(IsWanted)
                .Select(path => new ArtifactFile(Path.GetRelativePath(directory, path), path))
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ];
    }

    private static bool IsWanted(string path)
    {
        if (path.Contains('\uFFFD') && !Path.Exists(path))
            throw new IOException($"The name of the file '{Path.GetFileName(path)}' is not valid UTF-8.");
        return RegularFile.Is(path);
    }
}
