using System.Threading.Tasks.Sources;

namespace Fleet.Control.Platform.Journal;

/// <summary>
/// One that follows a stream, as it waits for more of it. It is there once for as long as it follows, and so is its timer:
/// an entry costs a watcher no allocation.
/// </summary>
internal sealed class JournalWatcher : IValueTaskSource, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private ManualResetValueTaskSourceCore<bool> _sign = new() { RunContinuationsAsynchronously = true };
    private bool _isWaiting;
    private bool _wasWoken;
    private bool _isTimed;

    public JournalWatcher(TimeProvider clock) => _timer = clock.CreateTimer(
        static watcher => ((JournalWatcher)watcher!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Until the next sign, or no time where there was one since the last wait.</summary>
    /// <param name="atMost">A timer that runs already is not set anew: it may end the wait early.</param>
    public ValueTask Wait(TimeSpan atMost)
    {
        lock (_gate)
        {
            if (_wasWoken)
            {
                _wasWoken = false;
                return ValueTask.CompletedTask;
            }

            _sign.Reset();
            _isWaiting = true;
            if (!_isTimed)
                _timer.Change(atMost, Timeout.InfiniteTimeSpan);
            _isTimed = true;
            return new ValueTask(this, _sign.Version);
        }
    }

    /// <summary>Ends the wait, or the next one at once.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _wasWoken = !_isWaiting;
            if (_wasWoken)
                return;
            _isWaiting = false;
        }

        _sign.SetResult(true);
    }

    public void Dispose() => _timer.Dispose();

    void IValueTaskSource.GetResult(short token) => _sign.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _sign.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _sign.OnCompleted(continuation, state, token, flags);

    private void Ring()
    {
        lock (_gate)
            _isTimed = false;
        Wake();
    }
}
