using System.Text.Json;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Http;
using Microsoft.Extensions.Caching.Memory;

namespace Fleet.Control.Backups.Snapshots;

/// <summary>
/// What is in snapshots. A snapshot never changes, so what an agent said of a directory is remembered for a while; what it could
/// not say is asked again.
/// </summary>
internal sealed class SnapshotBrowser(SnapshotReader reader, BackupSettings settings) : IDisposable
{
    private const int MostEntries = 10_000;
    private const int MostFound = 1000;
    private const int MostBytes = 64 * 1024 * 1024;

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = settings.CacheEntries });

    /// <exception cref="ProblemException">There is no answer.</exception>
    public async Task<SnapshotEntriesView> List(Snapshot snapshot, string path, string? agent, CancellationToken stop)
    {
        var key = (snapshot.RepositoryId, snapshot.Id, path);
        if (_known.TryGetValue(key, out SnapshotEntriesView? known))
            return known!;
        var entries = await Read(snapshot, ReadSnapshot.List, path, agent, null, MostEntries, stop);
        if (settings.CacheSeconds > 0)
        {
            using var kept = _known.CreateEntry(key);
            kept.Size = entries.Items.Count + 1;
            kept.AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(settings.CacheSeconds);
            kept.Value = entries;
        }

        return entries;
    }

    /// <exception cref="ProblemException">There is no answer.</exception>
    public Task<SnapshotEntriesView> Find(Snapshot snapshot, string path, string name, string? agent, CancellationToken stop) =>
        Read(snapshot, ReadSnapshot.Find, path, agent, name, MostFound, stop);

    public void Dispose() => _known.Dispose();

    private async Task<SnapshotEntriesView> Read(
        Snapshot snapshot, string operation, string path, string? agent, string? name, int limit, CancellationToken stop)
    {
        using var all = new MemoryStream();
        await foreach (var piece in reader.Read(snapshot, operation, path, agent, name, limit + 1, stop))
        {
            if (all.Length + piece.Length > MostBytes)
                throw new ProblemException(new ProblemResult(502, "answer_too_large", "The agent's answer is larger than can be kept."));
            all.Write(piece);
        }

        var entries = new List<SnapshotEntry>();
        all.Position = 0;
        using var lines = new StreamReader(all);
        while (await lines.ReadLineAsync(stop) is { } line)
        {
            if (Parse(line) is { } entry)
                entries.Add(entry);
        }

        return new SnapshotEntriesView([.. entries.Take(limit)], entries.Count > limit);
    }

    /// <summary>Null where it is no entry: an agent may say anything.</summary>
    private static SnapshotEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<SnapshotEntry>(line, FleetJson.KnownFields);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
