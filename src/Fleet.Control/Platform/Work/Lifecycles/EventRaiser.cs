using System.Collections.Frozen;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Persistence;
using MassTransit;
using MassTransit.Middleware;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>
/// Raises events straight on a lifecycle's state machine, with the row in hand: no delivery, no scope and no
/// serialization in between, which cost ten times what the transition does.
/// </summary>
internal sealed class EventRaiser<TRow> where TRow : WorkRow, new()
{
    private readonly FrozenDictionary<Type, IRaiser> _raisers;

    public EventRaiser(MassTransitStateMachine<TRow> machine)
    {
        var first = machine.NextEvents(machine.Initial).ToHashSet();
        // of a timer, the event that looks at its token first
        var events = machine.Events.Where(raised => !raised.Name.EndsWith(".Received", StringComparison.Ordinal));
        _raisers = events.Select(raised => Create(machine, raised, first.Contains(raised))).ToFrozenDictionary(raiser => raiser.Message);
    }

    /// <summary>What is not there, and cannot begin with the message, needs it no more.</summary>
    /// <exception cref="InvalidOperationException">The lifecycle knows no such message.</exception>
    public async Task Raise(UnitOfWork unit, IWorkMessage message, Guid? token)
    {
        if (!_raisers.TryGetValue(message.GetType(), out var raiser))
            throw new InvalidOperationException($"The lifecycle of {typeof(TRow).Name} knows no {message.GetType().Name}.");
        if (await unit.Find<TRow>(message.WorkId) is { } row)
        {
            await raiser.Raise(unit, row, message, token);
            unit.Change(row);
        }
        else if (raiser.Begins)
        {
            row = new TRow { CorrelationId = message.WorkId };
            await raiser.Raise(unit, row, message, token);
            unit.Add(row);
        }
    }

    private static IRaiser Create(MassTransitStateMachine<TRow> machine, Event raised, bool begins)
    {
        var message = raised.GetType().GetInterfaces()
            .Single(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Event<>)).GenericTypeArguments[0];
        return (IRaiser)Activator.CreateInstance(typeof(Raiser<>).MakeGenericType(typeof(TRow), message), machine, raised, begins)!;
    }

    private interface IRaiser
    {
        Type Message { get; }

        bool Begins { get; }

        Task Raise(UnitOfWork unit, TRow row, object message, Guid? token);
    }

    private sealed class Raiser<T>(MassTransitStateMachine<TRow> machine, Event<T> raised, bool begins)
        : IRaiser, IPipe<SagaConsumeContext<TRow, T>> where T : class
    {
        private readonly StateMachineSagaMessageFilter<TRow, T> _filter = new(machine, raised);

        public Type Message => typeof(T);

        public bool Begins => begins;

        public Task Raise(UnitOfWork unit, TRow row, object message, Guid? token) =>
            _filter.Send(new RaisedEvent<TRow, T>(unit, row, (T)message, token), this);

        public Task Send(SagaConsumeContext<TRow, T> context) => Task.CompletedTask;

        public void Probe(ProbeContext context) => context.CreateFilterScope("raised");
    }
}
