using System.Runtime.InteropServices;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>How many slots each key and each share holds. What holds nothing takes no memory.</summary>
internal sealed class KeyLedger
{
    /// <summary>What work counts that has its key alone: more than any limit leaves room beside.</summary>
    private const int Whole = 1_000_000;

    private readonly Dictionary<Guid, int> _keys = [];
    private readonly Dictionary<(string Capability, Guid Share), int> _shares = [];

    public bool HaveRoom(WorkKeys keys) =>
        (keys.Concurrency is not { } key || _keys.GetValueOrDefault(key) < Math.Max(1, keys.Limit))
        && (keys.Sequence is not { } sequence || !_keys.ContainsKey(sequence));

    public int HeldBy(string capability, Guid share) => _shares.GetValueOrDefault((capability, share));

    public void Count(HeldSlot held, int change)
    {
        Add(_shares, (held.Capability, held.Keys.Share), change);
        if (held.Keys.Concurrency is { } key)
            Add(_keys, key, held.Keys.IsAlone ? change * Whole : change);
        if (held.Keys.Sequence is { } sequence)
            Add(_keys, sequence, change);
    }

    public void Clear()
    {
        _keys.Clear();
        _shares.Clear();
    }

    private static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int change) where TKey : notnull
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
        count += change;
        if (count == 0)
            counts.Remove(key);
    }
}
