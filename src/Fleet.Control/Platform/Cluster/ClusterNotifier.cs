using System.Threading.Channels;
using Fleet.Contracts.Platform;
using Fleet.Control.Platform.Changes;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Commits;
using Fleet.Hosting;

namespace Fleet.Control.Platform.Cluster;

/// <summary>
/// Tells the other Control processes what was committed here. What gathers while a message is under way goes into the
/// next one. Alone, a Control says nothing but that it is there.
/// </summary>
internal sealed class ClusterNotifier(
    BusSender bus, ControlIdentity self, JournalFeed feed, ChangeFeed changes, WorkSignal work, TimeProvider clock, ClusterLog log)
    : BackgroundService, ICommitListener
{
    /// <summary>The exchange that every Control listens to.</summary>
    public const string Exchange = "fleet-wakes";

    private const int MostStreams = 1000;

    private static readonly TimeSpan Presence = TimeSpan.FromSeconds(5);
    private static readonly Uri Address = new($"exchange:{Exchange}");

    private readonly Channel<(Guid Stream, bool Work)> _news =
        Channel.CreateBounded<(Guid, bool)>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest });

    private long _heardOthers;
    private int _agentsChanged;

    private bool HasPeers => _heardOthers != 0 && clock.GetElapsedTime(_heardOthers) < 3 * Presence;

    public void Committed(UnitOfWork unit)
    {
        if (!HasPeers)
            return;
        foreach (var stream in unit.Entries.Select(entry => entry.Stream).Distinct())
            _news.Writer.TryWrite((stream, false));
        if (unit.WorkChanged || unit.Slots.Count > 0)
            _news.Writer.TryWrite((Guid.Empty, true));
    }

    /// <summary>Said to the others even before they were heard: it must not wait for a round.</summary>
    public void TellAgentsChanged()
    {
        Volatile.Write(ref _agentsChanged, 1);
        _news.Writer.TryWrite((Guid.Empty, false));
    }

    /// <summary>Another process committed something, or just says that it is there.</summary>
    public void Heard(CommitNotice woke)
    {
        if (woke.From == self.Id)
            return;
        _heardOthers = clock.GetTimestamp();
        feed.HasGrown(woke.Streams);
        if (woke.Streams.Count > 0)
            changes.LookNow();
        if (woke.WorkQueued)
            work.Set();
    }

    /// <summary>All that gathered since the last time; nothing of it is told again.</summary>
    public CommitNotice Gather()
    {
        var streams = new HashSet<Guid>();
        var workChanged = false;
        while (streams.Count < MostStreams && _news.Reader.TryRead(out var news))
        {
            workChanged |= news.Work;
            if (news.Stream != Guid.Empty)
                streams.Add(news.Stream);
        }

        var agentsChanged = Interlocked.Exchange(ref _agentsChanged, 0) != 0; // one that comes now goes with the next
        return new CommitNotice(self.Id, [.. streams], workChanged, agentsChanged);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var notice = Gather();
            try
            {
                await bus.Tell(Address, notice, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                if (notice.AgentsChanged)
                    Volatile.Write(ref _agentsChanged, 1); // the rest is soon found by looking, leases are not
                log.WakeFailed(failure.Message);
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            pause.CancelAfter(Presence);
            await _news.Reader.WaitToReadAsync(pause.Token).AsTask()
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
