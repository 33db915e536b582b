using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Fleet.Cli.Failures;

namespace Fleet.Cli.Experiments;

/// <summary>The files of a directory as one tar, in a file that goes when it is done with. <c>.git</c> is left out.</summary>
internal sealed class CommitPack : IDisposable
{
    private const int CommitDigits = 40;
    private const string OfGit = ".git"; // a directory, and in a worktree a file
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string _file;

    private CommitPack(string file, string commitId) => (_file, CommitId) = (file, commitId);

    /// <summary>Made of names, contents and what may be executed: the same files have the same.</summary>
    public string CommitId { get; }

    /// <exception cref="CommandException">There is no such directory, or something in it is no plain file.</exception>
    public static async Task<CommitPack> Of(string directory, CancellationToken stop)
    {
        if (!Directory.Exists(directory))
            throw CommandException.Usage($"{directory} is no directory.");
        var file = Path.GetTempFileName();
        try
        {
            var listing = new StringBuilder();
            await using (var tar = new TarWriter(new FileStream(file, FileMode.Create), TarEntryFormat.Pax))
            {
                foreach (var path in Files(directory).Order(StringComparer.Ordinal))
                    listing.Append(await Add(tar, directory, path, stop)).Append("  ").Append(path).Append('\n');
            }

            if (listing.Length == 0)
                throw CommandException.Usage($"{directory} holds no file.");
            var sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(listing.ToString())));
            return new CommitPack(file, sha[..CommitDigits]);
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException)
        {
            File.Delete(file);
            throw CommandException.Usage($"{directory} cannot be packed: {lost.Message}");
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    public Stream Open() => File.OpenRead(_file);

    public void Dispose() => File.Delete(_file);

    /// <summary>Paths below the directory, with slashes.</summary>
    private static IEnumerable<string> Files(string directory, string below = "")
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(directory, below)).EnumerateFileSystemInfos())
        {
            var path = below.Length == 0 ? entry.Name : $"{below}/{entry.Name}";
            if (entry.Name == OfGit)
                continue;
            if (entry.LinkTarget is not null)
                throw CommandException.Usage($"{path} is a link: a commit holds plain files only.");
            if (entry is FileInfo)
            {
                yield return path;
            }
            else
            {
                foreach (var inner in Files(directory, path))
                    yield return inner;
            }
        }
    }

    /// <returns>The digest of its content, and whether it may be executed.</returns>
    private static async Task<string> Add(TarWriter tar, string directory, string path, CancellationToken stop)
    {
        await using var content = File.OpenRead(Path.Combine(directory, path));
        var sha = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, stop));
        content.Position = 0;
        var entry = new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = content };
        if (!OperatingSystem.IsWindows())
            entry.Mode = File.GetUnixFileMode(content.SafeFileHandle);
        await tar.WriteEntryAsync(entry, stop);
        return $"{sha} {((entry.Mode & Execute) == UnixFileMode.None ? '-' : 'x')}";
    }
}
