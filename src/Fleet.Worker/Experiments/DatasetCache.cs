using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Experiments;

namespace Fleet.Worker.Experiments;

/// <summary>
/// Datasets that this agent has fetched, for further runs: those with a known digest, by address and digest, so that no run gets
/// the bytes of an address that it does not name. What was not used for longest goes when there is no more room. Nothing is taken
/// out of it unseen: each copy is verified as it is made.
/// </summary>
internal sealed class DatasetCache(DatasetDownload download, WorkerSettings settings, TimeProvider clock)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Unfinished = ".new";

    private readonly string _root = Path.Combine(settings.Home, "datasets");
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();
    private readonly Lock _sweeping = new();

    /// <summary>Puts a dataset into a new file: out of the cache, or fetched.</summary>
    /// <exception cref="StagingException">It cannot be fetched, or is not what it should be.</exception>
    public async Task<SnapshotDataset> Fetch(SnapshotDataset dataset, string path, CancellationToken stop)
    {
        if (dataset.Sha256 is not { } digest || settings.DatasetCacheBytes == 0)
            return await download.Fetch(dataset, path, stop);
        var name = $"{digest}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataset.Url)))[..16]}";
        var turn = _turns.GetOrAdd(name, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(stop); // of runs that want the same at once, one fetches it
        try
        {
            return await Copy(dataset, name, path, stop) ?? await Renew(dataset, name, path, stop);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Null where it is not there, or has changed where it lies: then it goes.</summary>
    private async Task<SnapshotDataset?> Copy(SnapshotDataset dataset, string name, string path, CancellationToken stop)
    {
        var kept = Path.Combine(_root, name);
        try
        {
            await using (var body = File.OpenRead(kept))
            {
                var digest = await FileDownload.Write(body, path, Plain, long.MaxValue, stop);
                if (digest == dataset.Sha256 && (dataset.Size ?? body.Length) == body.Length)
                {
                    File.SetLastWriteTimeUtc(body.SafeFileHandle, clock.GetUtcNow().UtcDateTime);
                    return dataset with { Size = body.Length };
                }
            }

            File.Delete(path);
            File.Delete(kept);
            return null;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task<SnapshotDataset> Renew(SnapshotDataset dataset, string name, string path, CancellationToken stop)
    {
        var fetched = await download.Fetch(dataset, path, stop);
        var size = fetched.Size ?? long.MaxValue;
        if (size > settings.DatasetCacheBytes)
            return fetched;
        var fresh = Path.Combine(_root, name + Unfinished);
        try
        {
            Directory.CreateDirectory(_root, OwnerOnly);
            Discard(fresh); // of a process that died over it
            MakeRoom(size);
            await using (var body = File.OpenRead(path))
                await FileDownload.Write(body, fresh, Plain, long.MaxValue, stop);
            File.Move(fresh, Path.Combine(_root, name), overwrite: true);
            MakeRoom(0); // others may have come meanwhile
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            // the disk is full, or does not answer: the run has its data all the same
        }
        finally
        {
            Discard(fresh);
        }

        return fetched;
    }

    private static void Discard(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception stays) when (stays is IOException or UnauthorizedAccessException)
        {
            // there is none, or whoever makes room next removes it
        }
    }

    /// <param name="wanted">Bytes of what is to come.</param>
    private void MakeRoom(long wanted)
    {
        lock (_sweeping)
        {
            var kept = new DirectoryInfo(_root).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).ToList();
            var bytes = wanted;
            foreach (var file in kept)
            {
                bytes += file.Length;
                if (bytes > settings.DatasetCacheBytes)
                    file.Delete();
            }
        }
    }
}
