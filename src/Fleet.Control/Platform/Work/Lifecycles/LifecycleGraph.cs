using MassTransit;
using MassTransit.SagaStateMachine;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>The states of a lifecycle and what leads from one to another, read from the lifecycle itself.</summary>
/// <param name="Family">Whose: <c>job</c>.</param>
/// <param name="States">By their names in the lifecycle, in its order.</param>
internal sealed record LifecycleGraph(string Family, IReadOnlyList<string> States, IReadOnlyList<LifecycleStep> Steps)
{
    public static LifecycleGraph Of<TRow>(string family, WorkLifecycle<TRow> lifecycle) where TRow : WorkRow
    {
        var reader = new Reader<TRow>();
        lifecycle.Accept(reader);
        string[] beside = [lifecycle.Initial.Name, lifecycle.Final.Name];
        return new LifecycleGraph(
            family,
            [.. lifecycle.States.Select(state => state.Name).Except(beside)],
            [.. reader.Steps.Distinct().Where(step => step.From != step.To && step.To != lifecycle.Final.Name)
                .Select(step => step.From == lifecycle.Initial.Name ? step with { From = null } : step)]);
    }

    /// <summary>Notes each activity that leads to a state, with the state and the event that it stands below.</summary>
    private sealed class Reader<TRow> : StateMachineVisitor where TRow : WorkRow
    {
        private string _state = "";
        private string _event = "";

        public List<LifecycleStep> Steps { get; } = [];

        void StateMachineVisitor.Visit(State state, Action<State> next)
        {
            _state = state.Name;
            next(state);
        }

        void StateMachineVisitor.Visit(Event @event, Action<Event> next)
        {
            _event = @event.Name;
            next(@event);
        }

        void StateMachineVisitor.Visit<TMessage>(Event<TMessage> @event, Action<Event<TMessage>> next)
        {
            _event = @event.Name;
            next(@event);
        }

        void StateMachineVisitor.Visit(IStateMachineActivity activity) => Note(activity);

        void StateMachineVisitor.Visit(IStateMachineActivity activity, Action<IStateMachineActivity> next)
        {
            Note(activity);
            next(activity);
        }

        void StateMachineVisitor.Visit<T>(IBehavior<T> behavior)
        {
        }

        void StateMachineVisitor.Visit<T>(IBehavior<T> behavior, Action<IBehavior<T>> next) => next(behavior);

        void StateMachineVisitor.Visit<T, TMessage>(IBehavior<T, TMessage> behavior)
        {
        }

        void StateMachineVisitor.Visit<T, TMessage>(IBehavior<T, TMessage> behavior, Action<IBehavior<T, TMessage>> next) => next(behavior);

        private void Note(IStateMachineActivity activity)
        {
            if (activity is TransitionActivity<TRow> transition)
                Steps.Add(new LifecycleStep(_state, _event.Split('.')[0], transition.ToState.Name));
        }
    }
}

/// <summary>A way from one state to another.</summary>
/// <param name="From">Null where work begins.</param>
/// <param name="Event">What happens: <c>AttemptStarted</c>.</param>
internal sealed record LifecycleStep(string? From, string Event, string To);
