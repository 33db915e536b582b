using Fleet.Worker.Platform.Files;

namespace Fleet.Worker.Attempts;

/// <summary>A file the attempt left to be kept.</summary>
/// <param name="Name">Its path below the artifacts directory, with <c>/</c>.</param>
internal readonly record struct ArtifactFile(string Name, string Path);

/// <summary>What lies in a directory of artifacts.</summary>
/// <param name="Files">In the order of their names.</param>
/// <param name="Unreadable">Sentences about what can be neither named nor read.</param>
internal sealed record FoundArtifacts(IReadOnlyList<ArtifactFile> Files, IReadOnlyList<string> Unreadable);

/// <summary>Finds artifacts: plain files only. Links are neither followed nor kept: they lead anywhere.</summary>
internal static class ArtifactFiles
{
    private static readonly EnumerationOptions _all = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    public static FoundArtifacts In(string directory)
    {
        var root = new DirectoryInfo(directory);
        var (files, unreadable) = (new List<ArtifactFile>(), new List<string>());
        var open = new Stack<string>();
        if (root.Exists && root.LinkTarget is null)
            open.Push(directory);
        while (open.TryPop(out var one))
        {
            try
            {
                foreach (var entry in new DirectoryInfo(one).EnumerateFileSystemInfos("*", _all))
                {
                    if (entry.FullName.Contains('\uFFFD') && !Path.Exists(entry.FullName))
                        unreadable.Add($"The name of '{entry.Name}' is not valid UTF-8.");
                    else if (entry is DirectoryInfo && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                        open.Push(entry.FullName);
                    else if (RegularFile.Is(entry.FullName))
                        files.Add(new ArtifactFile(Path.GetRelativePath(directory, entry.FullName), entry.FullName));
                }
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
            {
                unreadable.Add($"The artifacts cannot be read: {wrong.Message}");
            }
        }

        files.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return new FoundArtifacts(files, unreadable);
    }
}
