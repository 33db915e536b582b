namespace Fleet.Bench.References;

/// <summary>While one batch is carried out the next items gather; then they go together. There is no timer.</summary>
internal sealed class NaturalBatch<T>(Func<IReadOnlyList<T>, Task> carryOut)
{
    private readonly Lock _gate = new();
    private Gathering _next = new();
    private bool _busy;

    /// <summary>Returns when the batch that took the items is carried out.</summary>
    public Task Add(IEnumerable<T> items)
    {
        lock (_gate)
        {
            _next.Items.AddRange(items);
            if (!_busy)
            {
                _busy = true;
                // off the caller's path: what the caller awaits is the batch, not the loop that carries it out
                ThreadPool.UnsafeQueueUserWorkItem(static batch => batch.Drain(), this, preferLocal: false);
            }

            return _next.Done.Task;
        }
    }

    private async void Drain()
    {
        while (Take() is { } batch)
        {
            try
            {
                await carryOut(batch.Items);
                batch.Done.SetResult();
            }
            catch (Exception failure)
            {
                batch.Done.SetException(failure);
            }
        }
    }

    private Gathering? Take()
    {
        lock (_gate)
        {
            if (_next.Items.Count == 0)
            {
                _busy = false;
                return null;
            }

            var batch = _next;
            _next = new Gathering();
            return batch;
        }
    }

    private sealed class Gathering
    {
        public List<T> Items { get; } = [];
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
