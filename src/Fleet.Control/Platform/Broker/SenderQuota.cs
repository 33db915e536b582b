using System.Diagnostics.Metrics;
using Fleet.Contracts.Agents;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// What one agent says wrongly must not fill what belongs to all: of each exchange that an agent writes to, the first
/// faults of an hour are kept, the rest is counted. Meter <c>Fleet.Control.Broker</c>.
/// </summary>
internal sealed class SenderQuota(TimeProvider clock, ILogger<SenderQuota> logger) : IDisposable
{
    /// <summary>How many faults of one sender are kept an hour.</summary>
    public const int MostAnHour = 20;

    private const int MostSenders = 10_000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Tally> _tallies = [];
    private readonly Meter _meter = new("Fleet.Control.Broker");
    private Counter<long>? _faults;

    /// <summary>Counts a fault, and says whether to keep it. Everything but agents' exchanges is always kept.</summary>
    public bool Keeps(string? exchange)
    {
        if (exchange is null || AgentAddress.AgentOf(exchange) is not { } agent)
            return true;
        Faults.Add(1, new KeyValuePair<string, object?>("agent", agent));
        var count = Count(exchange);
        if (count == MostAnHour + 1)
            BrokerLog.Noisy(logger, exchange);
        return count <= MostAnHour;
    }

    public void Dispose() => _meter.Dispose();

    private Counter<long> Faults => _faults ??= _meter.CreateCounter<long>(
        "fleet.agent.faults", "{message}", "Messages of agents that could not be read, or spoke for somebody else.");

    private int Count(string exchange)
    {
        lock (_gate)
        {
            if (!_tallies.TryGetValue(exchange, out var tally) || clock.GetElapsedTime(tally.Since) >= Hour)
            {
                if (_tallies.Count >= MostSenders)
                    _tallies.Clear();
                tally = _tallies[exchange] = new Tally(clock.GetTimestamp());
            }

            return ++tally.Count;
        }
    }

    private sealed class Tally(long since)
    {
        public long Since { get; } = since;

        public int Count { get; set; }
    }
}
