namespace Fleet.Worker.Platform.AttemptLogs;

/// <summary>
/// Flushes on a thread of its own, since the disk may take its time: one flush for all who wait when it begins.
/// </summary>
internal sealed class FlushThread : IDisposable
{
    private const int SmallStack = 128 * 1024;

    private readonly Func<(AttemptLogFile File, long Written)> _state;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _due = new(false);
    private readonly Thread _thread;
    private TaskCompletionSource? _next;
    private long _durable;
    private volatile bool _closed;

    /// <param name="state">The file in use, and how many bytes were written to the log so far.</param>
    public FlushThread(Func<(AttemptLogFile File, long Written)> state)
    {
        _state = state;
        _thread = new Thread(Serve, SmallStack) { IsBackground = true, Name = "attempt log" };
        _thread.Start();
    }

    public Task UpTo(long written)
    {
        lock (_gate)
        {
            if (_durable >= written || _closed)
                return Task.CompletedTask;
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _due.Set();
            return _next.Task;
        }
    }

    public void Dispose()
    {
        _closed = true;
        _due.Set();
        _thread.Join();
        _due.Dispose();
    }

    private void Serve()
    {
        while (!_closed)
        {
            _due.WaitOne();
            TaskCompletionSource? waiting;
            lock (_gate)
            {
                waiting = _next;
                _next = null;
            }

            if (waiting is not null)
                Flush(waiting);
        }
    }

    private void Flush(TaskCompletionSource waiting)
    {
        try
        {
            var (file, written) = _state();
            // should the files turn now, the turn itself has flushed what was written and is still owed
            file.Flush();
            lock (_gate)
                _durable = Math.Max(_durable, written);
            waiting.SetResult();
        }
        catch (IOException refused)
        {
            waiting.SetException(refused);
        }
    }
}
