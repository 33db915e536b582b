using System.Net;
using Fleet.Client;
using Fleet.Client.Work;
using Fleet.Console.Access;

namespace Fleet.Console.Live;

/// <summary>One overview for each key, however many pages show it; it is read again when something changed.</summary>
internal sealed class OverviewBoards(ChangeRelay relay, FleetClients clients, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (OverviewBoard Board, int Watchers)> _boards = [];

    /// <param name="told">Gets the latest one, if there is one, and each that follows. One that was never read has no time.</param>
    public IDisposable Watch(string key, Action<Overview> told)
    {
        lock (_gate)
        {
            if (!_boards.TryGetValue(key, out var one))
                one = (new OverviewBoard(key, relay, clients, clock), 0);
            _boards[key] = (one.Board, one.Watchers + 1);
            one.Board.Add(told);
            return new Watching(() => Leave(key, one.Board, told));
        }
    }

    private void Leave(string key, OverviewBoard board, Action<Overview> told)
    {
        lock (_gate)
        {
            board.Remove(told);
            if (!_boards.TryGetValue(key, out var one))
                return;
            _boards[key] = (board, one.Watchers - 1);
            if (one.Watchers > 1)
                return;
            _boards.Remove(key);
        }

        board.Dispose();
    }

    private sealed class Watching(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}

/// <summary>Reads the overview of one key, and tells those who look at it.</summary>
internal sealed class OverviewBoard : IDisposable
{
    /// <summary>Jobs of one question; more is said as "at least".</summary>
    private const int Most = 200;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>No pause is longer, whatever <c>Retry-After</c> asks for.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private static readonly Overview Unread = new(default, new([], null), new([], null), [], [], [], []);

    private readonly Lock _gate = new();
    private readonly FleetClient _fleet;
    private readonly TimeProvider _clock;
    private readonly Refresh _refresh;
    private readonly IDisposable _watching;
    private readonly ITimer _again;
    private Action<Overview>[] _watchers = [];
    private Overview? _latest;
    private int _failures;
    private DateTimeOffset _notBefore;

    public OverviewBoard(string key, ChangeRelay relay, FleetClients clients, TimeProvider clock)
    {
        (_fleet, _clock) = (clients.With(key), clock);
        _refresh = new Refresh(Read, Rest, clock);
        _again = clock.CreateTimer(_ => _refresh.Ask(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _watching = relay.Watch(key, _ => _refresh.Ask());
    }

    public void Add(Action<Overview> told)
    {
        lock (_gate)
            _watchers = [.. _watchers, told];
        if (_latest is { } known)
            told(known);
        _refresh.Ask();
    }

    public void Remove(Action<Overview> told)
    {
        lock (_gate)
            _watchers = [.. _watchers.Where(one => one != told)];
    }

    public void Dispose()
    {
        _watching.Dispose();
        _again.Dispose();
        _refresh.Dispose();
        _fleet.Dispose();
    }

    private async Task Read()
    {
        if (_notBefore - _clock.GetUtcNow() is { Ticks: > 0 } early)
        {
            AskIn(early); // the fleet said when to come again
            return;
        }

        try
        {
            var none = new Page<Job>([], null);
            var open = _fleet.Jobs.ListPage(new JobFilter("state:queued,assigned,running,cancelling", PageSize: Most));
            var failed = _fleet.Jobs.ListPage(new JobFilter("state:failed,expired finished<24h", PageSize: 8));
            var finished = _fleet.Jobs.ListPage(new JobFilter("finished<1h", PageSize: Most));
            var agents = Whole(_fleet.Agents.List());
            var alerts = Whole(_fleet.Backups.Alerts("open"));
            var schedules = Whole(_fleet.Schedules.List());
            Tell(new Overview(
                _clock.GetUtcNow(), await Maybe(open, none), await Maybe(failed, none), (await Maybe(finished, none)).Items,
                await agents, await alerts, await schedules));
            _failures = 0;
        }
        catch (Exception no) when (no is FleetUnreachableException or FleetException)
        {
            var trouble = no is FleetException { Status: < HttpStatusCode.InternalServerError }
                ? no.Message
                : "The fleet cannot be reached at the moment.";
            Tell((_latest ?? Unread) with { Trouble = trouble }); // what is known stays
            AskAgain((no as FleetException)?.Status, (no as FleetException)?.RetryAfter);
        }
    }

    /// <summary>A key that is refused stays refused until somebody does something about it; whatever else is wrong may pass.</summary>
    /// <param name="status">Null where nobody answered.</param>
    private void AskAgain(HttpStatusCode? status, TimeSpan? after)
    {
        if (status < HttpStatusCode.InternalServerError && after is null)
            return;
        var pause = Rest * Math.Pow(2, Math.Min(_failures++, 6));
        pause = pause < LongestPause ? pause : LongestPause;
        if (after is { } asked)
        {
            asked = asked < LongestAsked ? asked : LongestAsked;
            _notBefore = _clock.GetUtcNow() + asked;
            pause = asked > pause ? asked : pause;
        }

        AskIn(pause);
    }

    private void AskIn(TimeSpan pause) => _again.Change(pause, Timeout.InfiniteTimeSpan);

    private void Tell(Overview now)
    {
        _latest = now;
        foreach (var told in _watchers)
            told(now);
    }

    private static async Task<T> Maybe<T>(Task<T> asked, T otherwise)
    {
        try
        {
            return await asked;
        }
        catch (FleetException no) when (no.Status == HttpStatusCode.Forbidden)
        {
            return otherwise;
        }
    }

    private static async Task<IReadOnlyList<T>> Whole<T>(IAsyncEnumerable<T> list)
    {
        try
        {
            return await list.Take(Most).ToListAsync();
        }
        catch (FleetException no) when (no.Status == HttpStatusCode.Forbidden)
        {
            return [];
        }
    }
}
