namespace Fleet.Control.Platform.Dispatch;

/// <summary>The latest changes of slots, in their order; so many are remembered that a round meets all since its begin.</summary>
internal sealed class SlotChanges
{
    private const int MostRemembered = 20_000;

    private readonly Queue<(long Number, Guid Id, HeldSlot? Slot)> _recent = new();

    /// <summary>Number of the last.</summary>
    public long Now { get; private set; }

    /// <summary>A number for what is no change of a slot, but stands among them.</summary>
    public long Next() => ++Now;

    public void Add(Guid id, HeldSlot? slot)
    {
        _recent.Enqueue((Next(), id, slot));
        if (_recent.Count > MostRemembered)
            _recent.Dequeue();
    }

    public IEnumerable<(Guid Id, HeldSlot? Slot)> After(long number) =>
        _recent.Where(change => change.Number > number).Select(change => (change.Id, change.Slot));
}
