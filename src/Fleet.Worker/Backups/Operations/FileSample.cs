using Fleet.Contracts.Backups;
using Fleet.Worker.Platform.Files;

namespace Fleet.Worker.Backups.Operations;

/// <summary>A file of a snapshot.</summary>
internal sealed record SampledFile(string Path, long Size, DateTimeOffset? Mtime)
{
    private static readonly TimeSpan _clockGrain = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether the host still has it as it was then, by size and time.</summary>
    public bool IsUnchanged => RegularFile.Is(Path) && new FileInfo(Path) is var here && here.Length == Size && Mtime is { } at
        && (here.LastWriteTimeUtc - at.UtcDateTime).Duration() < _clockGrain;
}

/// <summary>Chooses files of a long list, each as likely as any other, in one pass; the same seed chooses the same.</summary>
internal sealed class FileSample(DrillOrder order)
{
    private readonly Random _chance = new(order.Seed);
    private readonly List<SampledFile> _kept = [];
    private int _seen;

    public void Offer(SampledFile file)
    {
        _seen++;
        if (file.Size > order.MostBytes)
            return;
        if (_kept.Count < order.Files)
            _kept.Add(file);
        else if (_chance.Next(_seen) is var place && place < _kept.Count)
            _kept[place] = file;
    }

    /// <summary>As many as are not too large together.</summary>
    public IReadOnlyList<SampledFile> Chosen()
    {
        var (bytes, chosen) = (0L, new List<SampledFile>());
        foreach (var file in _kept)
        {
            if (bytes + file.Size > order.MostBytes)
                continue;
            bytes += file.Size;
            chosen.Add(file);
        }

        return chosen;
    }

    public static async Task<bool> AreSame(string one, string other)
    {
        await using var a = RegularFile.Open(one, user: null);
        await using var b = RegularFile.Open(other, user: null);
        var (first, second) = (new byte[64 * 1024], new byte[64 * 1024]);
        while (await a.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false) is var read)
        {
            if (await b.ReadAtLeastAsync(second, second.Length, throwOnEndOfStream: false) != read
                || !first.AsSpan(0, read).SequenceEqual(second.AsSpan(0, read)))
                return false;
            if (read == 0)
                return true;
        }

        return true;
    }
}
