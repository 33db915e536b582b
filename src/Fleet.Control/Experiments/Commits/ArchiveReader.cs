using System.Formats.Tar;
using Fleet.Contracts.Experiments;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Commits;

/// <summary>
/// Takes the files out of an archive as it arrives. Plain files with plain names only: links lead anywhere, devices are none
/// of a commit, and a name that leads out of a directory is no name.
/// </summary>
internal sealed class ArchiveReader(BlobStore blobs, ExperimentSettings settings)
{
    private const string Archive = "archive";
    private const long HeaderBytes = 16 * 1024; // of one entry, more or less

    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Stores what is new of it.</summary>
    /// <exception cref="ProblemException">It cannot be read, or holds what a commit cannot.</exception>
    public async Task<ReceivedArchive> Receive(string tenant, Stream body, CancellationToken stop)
    {
        try
        {
            var most = settings.MaxCommitBytes + (HeaderBytes * (settings.MaxFiles + 1L));
            await using var archive = await ArchiveStream.Open(body, most, stop);
            await using var tar = new TarReader(archive);
            return await Read(tenant, tar, stop);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw Refused($"This is no tar, or a broken one: {wrong.Message}");
        }
    }

    private async Task<ReceivedArchive> Read(string tenant, TarReader tar, CancellationToken stop)
    {
        var files = new Dictionary<string, SnapshotFile>(StringComparer.Ordinal);
        byte[]? said = null;
        var size = 0L;
        while (await Next(tar, stop) is { } entry)
        {
            if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes)
                continue;
            var path = PathOf(entry);
            if (files.Count == settings.MaxFiles)
                throw Refused($"A commit has at most {settings.MaxFiles} files.");
            size += entry.Length;
            if (size > settings.MaxCommitBytes)
                throw new ProblemException(Problem.TooLarge(settings.MaxCommitBytes));
            var data = entry.DataStream ?? Stream.Null;
            if (path == CommitSettings.FileName)
                data = new MemoryStream(said = await Small(entry, data, stop));
            var stored = await blobs.Store(tenant, data, stop);
            var file = new SnapshotFile(path, stored.Size, stored.Sha256, (entry.Mode & Execute) != UnixFileMode.None);
            if (!files.TryAdd(path, file))
                throw Refused($"The file {path} is in it twice.");
        }

        if (files.Count == 0)
            throw Refused("There is no file in it.");
        CommitPaths.RefuseFilesWithin(files.Keys, Archive);
        return new ReceivedArchive([.. files.Values], CommitSettings.Of(files.Keys.ToHashSet(), said));
    }

    /// <summary>The reader has many ways to say that an archive is broken.</summary>
    private static async Task<TarEntry?> Next(TarReader tar, CancellationToken stop)
    {
        try
        {
            return await tar.GetNextEntryAsync(copyData: false, stop);
        }
        catch (Exception wrong) when (wrong is ArgumentException or OverflowException or NotSupportedException or InvalidOperationException)
        {
            throw new InvalidDataException(wrong.Message, wrong);
        }
    }

    private static string PathOf(TarEntry entry)
    {
        var path = entry.Name;
        while (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile))
            throw Refused($"{LogText.Clean(path)} is no plain file: a commit holds files and directories only.");
        CommitPaths.Check(path, Archive);
        return path;
    }

    private static async Task<byte[]> Small(TarEntry entry, Stream data, CancellationToken stop)
    {
        if (entry.Length > CommitSettings.MostBytes)
            throw new ProblemException(Problem.Invalid(CommitSettings.FileName, $"It has at most {CommitSettings.MostBytes} bytes."));
        var bytes = new byte[entry.Length];
        await data.ReadExactlyAsync(bytes, stop);
        return bytes;
    }

    private static ProblemException Refused(string sentence) => new(Problem.Invalid(Archive, sentence));
}
