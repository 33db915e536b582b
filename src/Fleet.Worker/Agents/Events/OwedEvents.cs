using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Files;

namespace Fleet.Worker.Agents.Events;

/// <summary>
/// What has happened on this host and Control has not stored yet, in a file: neither a cut-off host nor the end of this process loses
/// any, and what was stored once is not said again.
/// </summary>
internal sealed class OwedEvents(WorkerSettings settings)
{
    /// <summary>Who is cut off for longer says the latest of them.</summary>
    private const int MostOwed = 1000;

    private readonly Lock _gate = new();
    private readonly string _file = Path.Combine(settings.Home, "host-events.json");
    private Kept _kept = new([], []);

    /// <summary>Something has become owed, or is no longer.</summary>
    public Platform.Signal Changed { get; } = new();

    /// <summary>Comes before everything else.</summary>
    /// <exception cref="IOException">What is there cannot be read.</exception>
    public void Open()
    {
        lock (_gate)
        {
            if (File.Exists(_file))
                _kept = Read(File.ReadAllText(_file));
        }
    }

    /// <summary>Notes what has not been seen before.</summary>
    /// <param name="present">All that is so now: what is not any more need not be remembered.</param>
    /// <exception cref="IOException">It cannot be written down; then it is not owed either, and is new the next time.</exception>
    public void See(IReadOnlyList<HostEvent> present)
    {
        lock (_gate)
        {
            var seen = _kept.Seen.ToHashSet();
            var fresh = present.DistinctBy(one => one.Key).Where(one => !seen.Contains(one.Key)).OrderBy(one => one.At).ToList();
            var keys = present.Select(one => one.Key).ToHashSet();
            if (fresh.Count == 0 && seen.SetEquals(keys))
                return;
            Keep(new Kept([.. keys], [.. _kept.Owed.Concat(fresh).TakeLast(MostOwed)]));
            if (fresh.Count > 0)
                Changed.Raise();
        }
    }

    /// <summary>What Control has not confirmed, oldest first; who asks knows of every change.</summary>
    public IReadOnlyList<HostEvent> Owed(int most)
    {
        lock (_gate)
        {
            Changed.Lower();
            return [.. _kept.Owed.Take(most)];
        }
    }

    public void Confirm(IReadOnlyCollection<Guid> stored)
    {
        lock (_gate)
        {
            Keep(_kept with { Owed = [.. _kept.Owed.Where(one => !stored.Contains(one.Key))] });
            Changed.Raise();
        }
    }

    private void Keep(Kept kept)
    {
        DurableFile.Write(_file, JsonSerializer.SerializeToUtf8Bytes(kept));
        _kept = kept;
    }

    private Kept Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Kept>(text) is { Seen: not null, Owed: not null } kept ? kept : _kept;
        }
        catch (JsonException)
        {
            return _kept; // Control knows what it was told before
        }
    }

    /// <param name="Seen">Keys of what is so at present, told or owed.</param>
    private sealed record Kept(IReadOnlyList<Guid> Seen, IReadOnlyList<HostEvent> Owed);
}
