namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// How many calls a receiver gets at once. One that fails about several things in a row gets none for a while, then one
/// that tries; a thing that it will not take does not count against the others. Each process finds out for itself.
/// </summary>
internal sealed class Circuits(WebhookSettings settings, TimeProvider clock)
{
    private const int MostDoublings = 6;
    private const double LongestSeconds = 60;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Circuit> _circuits = [];

    /// <summary>False when the receiver has as many calls as it gets.</summary>
    public bool TryEnter(string target)
    {
        lock (_gate)
        {
            if (!_circuits.TryGetValue(target, out var circuit))
                _circuits[target] = circuit = new Circuit();
            if (circuit.Calls >= Most(circuit))
                return false;
            circuit.Calls++;
            return true;
        }
    }

    public void Leave(string target)
    {
        lock (_gate)
        {
            var circuit = _circuits[target];
            circuit.Calls--;
            if (circuit is { Calls: 0, Failing.Count: 0 })
                _circuits.Remove(target);
        }
    }

    /// <summary>How many further calls each receiver gets that is called, or failed lately; the others get all.</summary>
    public IReadOnlyCollection<(string Target, int Room)> Rooms()
    {
        lock (_gate)
        {
            Forget();
            return [.. _circuits.Select(entry => (entry.Key, Most(entry.Value) - entry.Value.Calls))];
        }
    }

    public void Succeeded(string target)
    {
        lock (_gate)
        {
            var circuit = _circuits[target];
            circuit.Failing.Clear();
            circuit.Breaks = 0;
        }
    }

    /// <param name="about">What could not be told.</param>
    public void Failed(string target, Guid about)
    {
        lock (_gate)
        {
            var circuit = _circuits[target];
            circuit.FailedAt = clock.GetUtcNow();
            if (circuit.Failing.Count < settings.CircuitFailures)
                circuit.Failing.Add(about);
            if (circuit.Failing.Count < settings.CircuitFailures || circuit.BrokenUntil > clock.GetUtcNow())
                return;
            var seconds = settings.CircuitSeconds * Math.Pow(2, Math.Min(circuit.Breaks, MostDoublings));
            circuit.BrokenUntil = clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(seconds, LongestSeconds));
            circuit.Breaks++;
        }
    }

    private int Most(Circuit circuit) =>
        circuit.Breaks == 0 ? settings.AtOnceToOne
        : circuit.BrokenUntil > clock.GetUtcNow() ? 0
        : 1;

    /// <summary>Receivers that nobody calls any more.</summary>
    private void Forget()
    {
        var before = clock.GetUtcNow() - TimeSpan.FromSeconds(10 * LongestSeconds);
        foreach (var (target, circuit) in _circuits)
        {
            if (circuit.Calls == 0 && circuit.FailedAt < before)
                _circuits.Remove(target);
        }
    }

    private sealed class Circuit
    {
        public HashSet<Guid> Failing { get; } = [];

        public int Calls { get; set; }

        public int Breaks { get; set; }

        public DateTimeOffset FailedAt { get; set; }

        public DateTimeOffset BrokenUntil { get; set; }
    }
}
