namespace Fleet.Worker.Platform.Reports;

/// <summary>Room for bytes in memory. Who finds none waits, first come first served.</summary>
internal sealed class ByteBudget(long capacity)
{
    private readonly long _capacity = capacity;
    private readonly Lock _gate = new();
    private readonly Queue<(int Bytes, TaskCompletionSource Turn)> _waiting = new();
    private long _free = capacity;

    /// <summary>Bytes that are taken now.</summary>
    public long Taken
    {
        get
        {
            lock (_gate)
                return _capacity - _free;
        }
    }

    public Task Take(int bytes)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && _free >= bytes)
            {
                _free -= bytes;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, turn));
            return turn.Task;
        }
    }

    public void Return(long bytes)
    {
        lock (_gate)
        {
            _free += bytes;
            while (_waiting.TryPeek(out var next) && _free >= next.Bytes)
            {
                _free -= next.Bytes;
                _waiting.Dequeue().Turn.SetResult();
            }
        }
    }
}
