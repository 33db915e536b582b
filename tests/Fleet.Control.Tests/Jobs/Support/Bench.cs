using Fleet.Control.Jobs;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using MassTransit;
using MassTransit.Mediator;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Control.Tests.Jobs.Support;

/// <summary>
/// The lifecycle on its own store, units and timers, without a database behind them: fast enough for every order in
/// which things can happen.
/// </summary>
public sealed class Bench : IAsyncLifetime
{
    private readonly ServiceProvider _services;

    public Bench()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(new GroupCommit(null!, null!, null!, TimeProvider.System)); // every message comes in a unit
        services.AddSingleton(new LeaseSettings());
        services.AddMediator(mediator => mediator.AddJobLifecycle());
        _services = services.BuildServiceProvider();
        Mediator = _services.GetRequiredService<IMediator>();
    }

    internal IMediator Mediator { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _services.DisposeAsync().AsTask();
}

/// <summary>One job on the bench: its row, its history, and its timers as they would lie in the outbox.</summary>
internal sealed class BenchJob(Bench bench) : IDisposable
{
    private readonly FleetDbContext _db = new DesignTimeContext().CreateDbContext([]);

    public Guid Id { get; } = Guid.CreateVersion7();

    public DateTimeOffset Now { get; set; } = Trial.Start;

    public Job Row { get; private set; } = null!;

    public List<JournalEntry> Journal { get; } = [];

    /// <summary>What agents were told.</summary>
    public List<object> Told { get; } = [];

    /// <summary>Timers that will ring, by token.</summary>
    public Dictionary<Guid, object> Timers { get; } = [];

    /// <summary>Timers that were taken back or have rung, and may be on their way all the same.</summary>
    public List<(Guid Token, object Message)> Gone { get; } = [];

    public IEnumerable<string> States => Journal.Where(entry => entry.Type == "state").Select(entry => entry.Data!);

    public bool IsSettled => Row.State is "Succeeded" or "Failed" or "Cancelled" or "Expired";

    public Task Say(object message) => Apply(unit => unit.Raise(message));

    /// <summary>As the sweep does: the row is gone when the lifecycle has heard it.</summary>
    public async Task Ring(Guid token)
    {
        Timers.Remove(token, out var message);
        Gone.Add((token, message!));
        await RingAgain(token, message!);
    }

    public Task RingAgain(Guid token, object message) => Apply(_ => bench.Mediator.Send(
        message,
        message.GetType(),
        Pipe.Execute<SendContext>(send => send.Headers.Set(MessageHeaders.SchedulingTokenId, token.ToString("N")))));

    public void Dispose() => _db.Dispose();

    private async Task Apply(Func<Unit, Task> work)
    {
        var unit = new Unit(_db, bench.Mediator, Now);
        unit.Know(typeof(Job), Id, Row);
        await unit.Apply(work);
        Row = (await unit.Find<Job>(Id))!;
        Journal.AddRange(unit.Entries);
        foreach (var send in unit.Sends)
        {
            if (send.IsTimer)
                Timers.Add(send.Token!.Value, Control.Platform.Outbox.MessageNames.Read(send.MessageType, send.Body));
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
