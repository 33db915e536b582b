using System.Runtime.CompilerServices;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Commits;
using Npgsql;

namespace Fleet.Control.Platform.Journal;

/// <summary>
/// Follows streams: replay after a number from the table, then live. What is committed here is kept for watchers as it
/// is; a commit elsewhere is only a sign to look. The table is what counts, so a lost sign costs a moment and never an
/// entry.
/// </summary>
internal sealed class JournalFeed(NpgsqlDataSource database, TimeProvider clock) : ICommitListener
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, JournalTail> _watched = [];

    public void Committed(UnitOfWork unit)
    {
        if (unit.Entries.Count == 0 || IsUnwatched)
            return;
        foreach (var stream in unit.Entries.GroupBy(entry => entry.Stream))
            Find(stream.Key)?.Add(stream);
    }

    /// <summary>Another process says that these streams grew.</summary>
    public void HasGrown(IEnumerable<Guid> streams)
    {
        foreach (var stream in streams)
            Find(stream)?.Hint();
    }

    /// <summary>
    /// Pages of entries after a number, in order, each once, up to the stream's end. An empty page means that nothing
    /// came for <paramref name="quiet"/>.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<JournalEntry>> Follow(
        Guid stream, long after, TimeSpan quiet, [EnumeratorCancellation] CancellationToken stop)
    {
        using var watcher = new JournalWatcher(clock);
        await using var whenStopped = stop.UnsafeRegister(static one => ((JournalWatcher)one!).Wake(), watcher);
        var tail = Enter(stream, watcher);
        try
        {
            var (silence, looked) = (clock.GetTimestamp(), clock.GetTimestamp());
            var (mayHaveMore, hints) = (true, 0L); // the table, beyond what the tail gets
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                var page = tail.After(after);
                if (page is null && (mayHaveMore || tail.Hints != hints || tail.IsAhead(after)))
                {
                    hints = tail.Hints;
                    page = await Read(stream, after, stop);
                    mayHaveMore = page.Count > 0;
                    looked = clock.GetTimestamp();
                }

                if (page is { Count: > 0 })
                {
                    yield return page;
                    after = page[^1].Seq;
                    if (page[^1].IsLast)
                        yield break;
                    silence = looked = clock.GetTimestamp();
                    continue;
                }

                if (clock.GetElapsedTime(silence) >= quiet)
                {
                    yield return [];
                    silence = clock.GetTimestamp();
                    continue;
                }

                await watcher.Wait(Earlier(quiet - clock.GetElapsedTime(silence), LookAnyway - clock.GetElapsedTime(looked)));
                mayHaveMore = clock.GetElapsedTime(looked) >= LookAnyway;
            }
        }
        finally
        {
            Leave(stream, tail, watcher);
        }
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other)
    {
        var earlier = one < other ? one : other;
        return earlier > TimeSpan.Zero ? earlier : TimeSpan.Zero;
    }

    private async Task<List<JournalEntry>> Read(Guid stream, long after, CancellationToken stop)
    {
        var page = new List<JournalEntry>();
        await foreach (var entry in JournalSql.ReadPage(database, stream, after, stop: stop))
            page.Add(entry);
        return page;
    }

    private bool IsUnwatched
    {
        get
        {
            lock (_gate)
                return _watched.Count == 0;
        }
    }

    private JournalTail? Find(Guid stream)
    {
        lock (_gate)
            return _watched.GetValueOrDefault(stream);
    }

    private JournalTail Enter(Guid stream, JournalWatcher watcher)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(stream, out var tail))
                _watched[stream] = tail = new JournalTail();
            tail.Enter(watcher);
            return tail;
        }
    }

    private void Leave(Guid stream, JournalTail tail, JournalWatcher watcher)
    {
        lock (_gate)
        {
            tail.Leave(watcher);
            if (tail.Watchers == 0)
                _watched.Remove(stream);
        }
    }
}
