using Fleet.Worker.Platform;

namespace Fleet.Worker.Jobs;

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
        IgnoreInaccessible = true,
    };

    public static IReadOnlyList<ArtifactFile> In(string directory)
    {
        var root = new DirectoryInfo(directory);
        if (!root.Exists || root.LinkTarget is not null)
            return [];
        return
        [
            .. Directory.EnumerateFiles(directory, "*", _plain)
                .Where(RegularFile.Is)
                .Select(path => new ArtifactFile(Path.GetRelativePath(directory, path), path))
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ];
    }
}
