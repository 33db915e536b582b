using System.Runtime.CompilerServices;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Commits;
using Npgsql;

namespace Fleet.Control.Platform.Changes;

/// <summary>
/// Follows everything that changes. However many watch, one reader asks the table, when a commit here or elsewhere gives it a
/// sign, and only while somebody watches. The table is what counts: a lost sign costs a moment and never a change.
/// </summary>
internal sealed class ChangeFeed(NpgsqlDataSource database, TimeProvider clock, ClusterLog log)
    : BackgroundService, ICommitListener, IAgentsListener
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);

    /// <summary>After the first look that found changes which have to wait for older transactions.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    private readonly ChangeSignal _sign = new();
    private readonly ChangeTail _tail = new();
    private TimeSpan _pause = LookAnyway;

    public void Committed(UnitOfWork unit)
    {
        if (unit.Entries.Count > 0)
            LookNow();
    }

    public void AgentsChanged() => LookNow();

    /// <summary>Something was committed, here or elsewhere.</summary>
    public void LookNow()
    {
        if (_tail.Watchers > 0)
            _sign.Set();
    }

    /// <summary>The place of what comes next.</summary>
    public Task<ChangeId> Now(CancellationToken stop) => ChangeSql.Now(database, stop);

    /// <summary>Whether all behind a place is still there.</summary>
    public Task<bool> IsKept(ChangeId place, CancellationToken stop) => ChangeSql.IsKept(database, place, stop);

    /// <summary>
    /// Pages of changes behind a place, in order, each once. An empty page means that nothing came for <paramref name="quiet"/>.
    /// </summary>
    public async IAsyncEnumerable<ChangePage> Follow(
        ChangeId after, TimeSpan quiet, [EnumeratorCancellation] CancellationToken stop)
    {
        using var watcher = new JournalWatcher(clock);
        await using var whenStopped = stop.UnsafeRegister(static one => ((JournalWatcher)one!).Wake(), watcher);
        _tail.Enter(watcher);
        _sign.Set();
        try
        {
            for (var silence = clock.GetTimestamp(); ;)
            {
                stop.ThrowIfCancellationRequested();
                var page = _tail.After(after) ?? await ChangeSql.Read(database, after, stop);
                after = page.Reached;
                var silent = clock.GetElapsedTime(silence);
                if (page.Changes.Count > 0 || silent >= quiet)
                {
                    yield return page;
                    silence = clock.GetTimestamp();
                    continue;
                }

                await watcher.Wait(quiet - silent);
            }
        }
        finally
        {
            _tail.Leave(watcher);
        }
    }

    public override void Dispose()
    {
        _sign.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ChangeId? reached = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (_tail.Watchers == 0)
                    reached = null; // whoever comes next is told from then on
                else
                    reached = await Look(reached, stoppingToken);
            }
            catch (Exception failure) when (DatabaseFailure.IsPassing(failure))
            {
                log.ChangesUnread(failure.Message);
            }

            await _sign.Wait(reached is null && _tail.Watchers == 0 ? Timeout.InfiniteTimeSpan : _pause, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How far it is.</returns>
    private async Task<ChangeId> Look(ChangeId? reached, CancellationToken stop)
    {
        if (reached is not { } place)
        {
            place = await ChangeSql.Now(database, stop);
            _tail.Begin(place);
        }

        while (true)
        {
            var page = await ChangeSql.Read(database, place, stop);
            if (page.Changes.Count > 0)
                _tail.Add(page.Changes);
            place = page.Reached;
            if (page.Changes.Count == ChangeSql.PageSize)
                continue;
            _pause = !page.OthersWait ? LookAnyway
                : page.Changes.Count > 0 || _pause == LookAnyway ? LookAgain
                : _pause < LookAnyway / 2 ? _pause * 2 : LookAnyway / 2;
            return place;
        }
    }

    /// <summary>Wakes the reader.</summary>
    private sealed class ChangeSignal : Signal;
}
