namespace Fleet.Console.Access;

/// <summary>
/// Tells pages that live on a socket that their session has ended: at once where it ended here, within seconds where another
/// console ended it that shares the directory.
/// </summary>
internal sealed class SessionWatch : IDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Action[]> _watchers = [];
    private readonly SessionStore _sessions;
    private readonly ITimer _timer;

    public SessionWatch(SessionStore sessions, TimeProvider clock)
    {
        _sessions = sessions;
        _sessions.Removed += End;
        _timer = clock.CreateTimer(_ => Look(), null, Rest, Rest);
    }

    /// <param name="session">What <see cref="Session.File"/> says.</param>
    /// <param name="ended">Called once, on no thread in particular; returns at once.</param>
    public IDisposable Watch(string session, Action ended)
    {
        lock (_gate)
            _watchers[session] = [.. _watchers.GetValueOrDefault(session, []), ended];
        return new Watching(() =>
        {
            lock (_gate)
            {
                var rest = _watchers.GetValueOrDefault(session, []).Where(one => one != ended).ToArray();
                if (rest.Length > 0)
                    _watchers[session] = rest;
                else
                    _watchers.Remove(session);
            }
        });
    }

    public void Dispose()
    {
        _sessions.Removed -= End;
        _timer.Dispose();
    }

    private void Look()
    {
        string[] watched;
        lock (_gate)
            watched = [.. _watchers.Keys];
        foreach (var session in watched.Where(session => !_sessions.Exists(session)))
            End(session);
    }

    private void End(string session)
    {
        Action[]? told;
        lock (_gate)
            _watchers.Remove(session, out told);
        foreach (var ended in told ?? [])
            ended();
    }

    private sealed class Watching(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
