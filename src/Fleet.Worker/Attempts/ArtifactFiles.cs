using System.IO.Enumeration;
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
                foreach (var same in Names(one).GroupBy(name => name))
                {
                    var path = Path.Join(one, same.Key);
                    var exists = Path.Exists(path);
                    if (same.Key.Contains('\uFFFD') && same.Count() > (exists ? 1 : 0))
                        unreadable.Add($"The name of '{same.Key}' is not valid UTF-8.");
                    if (!exists)
                        continue; // or it has gone meanwhile
                    if (IsDirectory(path))
                        open.Push(path);
                    else if (RegularFile.Is(path))
                        files.Add(new ArtifactFile(Path.GetRelativePath(directory, path), path));
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

    /// <summary>Names alone: what is no text is longer as text, perhaps too long to be asked for, and must not hide the others.</summary>
    private static FileSystemEnumerable<string> Names(string directory) =>
        new(directory, (ref FileSystemEntry entry) => entry.FileName.ToString(), _all);

    private static bool IsDirectory(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };
}
