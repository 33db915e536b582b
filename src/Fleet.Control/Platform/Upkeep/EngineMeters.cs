using System.Diagnostics.Metrics;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Commits;

namespace Fleet.Control.Platform.Upkeep;

/// <summary>What the engine counts: meter <c>Fleet.Control</c>.</summary>
internal sealed class EngineMeters : ICommitListener, IDisposable
{
    private readonly Meter _meter = new("Fleet.Control");
    private readonly Counter<long> _commits;
    private readonly Counter<long> _entries;
    private readonly Counter<long> _sends;

    public EngineMeters()
    {
        _commits = _meter.CreateCounter<long>("fleet.commits", "{commit}", "Transactions of the engine.");
        _entries = _meter.CreateCounter<long>("fleet.journal.entries", "{entry}", "Journal entries written.");
        _sends = _meter.CreateCounter<long>("fleet.outbox.rows", "{message}", "Messages and timers that commits held.");
    }

    public void Committed(UnitOfWork unit)
    {
        _commits.Add(1);
        _entries.Add(unit.Entries.Count);
        _sends.Add(unit.Sends.Count);
    }

    public void Dispose() => _meter.Dispose();
}
