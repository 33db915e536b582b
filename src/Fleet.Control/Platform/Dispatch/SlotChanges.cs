namespace Fleet.Control.Platform.Dispatch;

/// <summary>The latest changes of slots, in their order; so many are remembered that a round meets all since its begin.</summary>
internal sealed class SlotChanges
{
    private const int MostRemembered = 20_000;

    private readonly (long Number, Guid Id, HeldSlot? Slot)[] _recent = new (long, Guid, HeldSlot?)[MostRemembered];
    private long _added;

    /// <summary>Number of the last.</summary>
    public long Now { get; private set; }

    /// <summary>A number for what is no change of a slot, but stands among them.</summary>
    public long Next() => ++Now;

    public void Add(Guid id, HeldSlot? slot) => _recent[_added++ % MostRemembered] = (Next(), id, slot);

    public IEnumerable<(Guid Id, HeldSlot? Slot)> After(long number)
    {
        var oldest = Math.Max(0, _added - MostRemembered);
        var first = _added;
        while (first > oldest && _recent[(first - 1) % MostRemembered].Number > number)
            first--;
        for (; first < _added; first++)
        {
            var (_, id, slot) = _recent[first % MostRemembered];
            yield return (id, slot);
        }
    }
}
