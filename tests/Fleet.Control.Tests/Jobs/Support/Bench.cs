using Fleet.Contracts.Work;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Jobs.Support;

/// <summary>
/// The lifecycle on its own store, units and timers, without a database behind them: fast enough for every order in
/// which things can happen.
/// </summary>
public sealed class Bench
{
    internal WorkKinds Kinds { get; } = TestKinds.New();
}

/// <summary>One job on the bench: its row, its history, and its timers as they would lie in the outbox.</summary>
internal sealed class BenchJob(Bench bench) : IDisposable
{
    private readonly FleetDbContext _db = new DesignTimeContext().CreateDbContext([]);

    public Guid Id { get; } = Guid.CreateVersion7();

    public DateTimeOffset Now { get; set; } = LifecycleHarness.Start;

    public Job Row { get; private set; } = null!;

    public List<JournalEntry> Journal { get; } = [];

    /// <summary>What agents were told.</summary>
    public List<object> Told { get; } = [];

    /// <summary>Timers that will ring, by token.</summary>
    public Dictionary<Guid, IWorkMessage> Timers { get; } = [];

    /// <summary>Timers that were taken back or have rung, and may be on their way all the same.</summary>
    public List<(Guid Token, IWorkMessage Message)> Gone { get; } = [];

    public IEnumerable<string> States => Journal.Where(entry => entry.Type == "state").Select(entry => entry.Data!);

    public bool IsSettled => Row.State is "Succeeded" or "Failed" or "Cancelled" or "Expired";

    public Task Say(IWorkMessage message) => Apply(unit => unit.Raise(message));

    /// <summary>As the sweep does: the row is gone when the lifecycle has heard it.</summary>
    public async Task Ring(Guid token)
    {
        Timers.Remove(token, out var message);
        Gone.Add((token, message!));
        await RingAgain(token, message!);
    }

    public Task RingAgain(Guid token, IWorkMessage message) => Apply(unit => unit.Raise(message, token));

    public void Dispose() => _db.Dispose();

    private async Task Apply(Func<UnitOfWork, Task> work)
    {
        var unit = new UnitOfWork(_db, bench.Kinds, Now);
        unit.Attach(typeof(Job), Id, Row);
        await work(unit);
        Row = (await unit.Find<Job>(Id))!;
        Journal.AddRange(unit.Entries);
        foreach (var send in unit.Sends)
        {
            if (send.IsTimer)
                Timers.Add(send.Token!.Value, (IWorkMessage)Control.Platform.Outbox.MessageNames.Read(send.MessageType, send.Body));
            else
                Told.Add(send.Message!);
        }

        foreach (var token in unit.Unscheduled)
        {
            if (Timers.Remove(token, out var message))
                Gone.Add((token, message));
        }
    }
}
