using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Files;

namespace Fleet.Worker.Agents.Schedules;

/// <summary>
/// The schedules that this agent holds and the due times that it owes Control, in a file: neither a cut-off host nor the end of this
/// process loses any.
/// </summary>
internal sealed class HeldSchedules(WorkerSettings settings, TimeProvider clock)
{
    /// <summary>Who is cut off for so many due times says the latest of them.</summary>
    private const int MostOwed = 10_000;

    private readonly Lock _gate = new();
    private readonly string _file = Path.Combine(settings.Home, "schedules.json");
    private Kept _kept = new(0, [], DateTimeOffset.MinValue, []);

    /// <summary>Something is to be said: another version is held, or something is owed.</summary>
    public Platform.Signal Changed { get; } = new();

    public long Version
    {
        get
        {
            lock (_gate)
                return _kept.Version;
        }
    }

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

    /// <summary>Goes by these from now on. What was due by the former ones is owed all the same.</summary>
    /// <exception cref="IOException">It cannot be written down; then it is not held either.</exception>
    public void Hold(HoldSchedules told)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var looked = Looked(_kept, now);
            Keep(looked with
            {
                Version = told.Version,
                Schedules = [.. told.Schedules.Where(one => one.IsEnabled && one.Due is not null)],
                LookedAt = looked.LookedAt > now ? looked.LookedAt : now,
            });
        }

        Changed.Raise();
    }

    /// <summary>Notes what has become due.</summary>
    /// <returns>When the next one is due; null where nothing is.</returns>
    public DateTimeOffset? Look()
    {
        lock (_gate)
        {
            var looked = Looked(_kept, clock.GetUtcNow());
            if (looked.Owed.Count != _kept.Owed.Count)
                Keep(looked);
            var coming = looked.Schedules.SelectMany(one => one.Due!).Where(due => due > looked.LookedAt).ToList();
            return coming.Count > 0 ? coming.Min() : null;
        }
    }

    /// <summary>What Control has not confirmed, oldest first.</summary>
    public IReadOnlyList<ScheduleDue> Owed(int most)
    {
        lock (_gate)
            return [.. _kept.Owed.Take(most)];
    }

    public void Confirm(IReadOnlyCollection<ScheduleDue> stored)
    {
        lock (_gate)
            Keep(_kept with { Owed = [.. _kept.Owed.Except(stored)] });
        Changed.Raise();
    }

    /// <summary>A clock that is set back makes nothing due twice.</summary>
    private static Kept Looked(Kept kept, DateTimeOffset now)
    {
        if (now <= kept.LookedAt)
            return kept;
        var due = from one in kept.Schedules
                  from at in one.Due!
                  where at > kept.LookedAt && at <= now
                  orderby at
                  select new ScheduleDue(one.ScheduleId, at);
        return kept with { LookedAt = now, Owed = [.. kept.Owed.Concat(due).TakeLast(MostOwed)] };
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
            return JsonSerializer.Deserialize<Kept>(text) ?? _kept;
        }
        catch (JsonException)
        {
            return _kept; // Control sees that nothing is held, and tells it anew
        }
    }

    /// <param name="LookedAt">What was due until then is owed, or was.</param>
    private sealed record Kept(
        long Version, IReadOnlyList<AgentSchedule> Schedules, DateTimeOffset LookedAt, IReadOnlyList<ScheduleDue> Owed);
}
