namespace Fleet.Control.Platform.Outbox;

/// <summary>
/// Rows whose delivery is confirmed and whose deletion waits for the next transaction, so that it costs no commit of
/// its own. Losing them delivers those messages a second time, which every receiver expects.
/// </summary>
internal sealed class DeliveredRows
{
    private readonly Lock _gate = new();
    private List<Guid> _delivered = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _delivered.Count;
        }
    }

    public void Add(IEnumerable<Guid> delivered)
    {
        lock (_gate)
            _delivered.AddRange(delivered);
    }

    public IReadOnlyCollection<Guid> Take()
    {
        lock (_gate)
        {
            var taken = _delivered;
            _delivered = [];
            return taken;
        }
    }

    public void PutBack(IReadOnlyCollection<Guid> taken) => Add(taken);
}
