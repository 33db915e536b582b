using Fleet.Contracts.Attempts;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using MassTransit;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>What the lifecycle's verbs do. All of it goes into the unit of the message at hand.</summary>
internal static class WorkLifecycleSteps
{
    /// <summary>How long an agent has to end an attempt before it is killed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>After that, the agent is asked again.</summary>
    private static readonly TimeSpan AskAgainAfter = Grace + TimeSpan.FromSeconds(5);

    extension<TRow, T>(EventActivityBinder<TRow, T> step) where TRow : WorkRow where T : class
    {
        /// <param name="why">A stable code for the journal, where there is one.</param>
        public EventActivityBinder<TRow, T> Become(State state, Func<BehaviorContext<TRow, T>, string?>? why = null) => step
            .Then(s => s.Saga.TellState(s.Unit(), state.Name, why?.Invoke(s)))
            .TransitionTo(state);

        /// <summary>The end: nothing follows it.</summary>
        public EventActivityBinder<TRow, T> Finish(State state) => step
            .ThenAsync(s => ((WorkLifecycle<TRow>)step.StateMachine).Ends(s.Saga, state, s.Unit()))
            .Then(s =>
            {
                s.Saga.FinishedAt = s.Unit().Now;
                s.Saga.TellState(s.Unit(), state.Name, s.Saga.ErrorCode);
                s.Unit().AppendEnd(s.Saga, s.Saga.Attempt);
                s.Unit().WorkEnds.Add(new WorkEnd(s.Saga.CorrelationId, state.Name, s.Saga.Wire));
                s.Saga.GiveSlotBack(s.Unit());
            })
            .Unschedule(((WorkLifecycle<TRow>)step.StateMachine).RetryDue)
            .Unschedule(((WorkLifecycle<TRow>)step.StateMachine).WorkExpired)
            .Unschedule(((WorkLifecycle<TRow>)step.StateMachine).CancelGraceOver)
            .TransitionTo(state);

        public EventActivityBinder<TRow, T> MakeReady() => step.Then(s =>
        {
            s.Saga.GiveSlotBack(s.Unit());
            s.Saga.AskForSlot(s.Unit());
        });

        /// <summary>At once when the attempt was cut short, else after a pause.</summary>
        public EventActivityBinder<TRow, T> TryAgain() => step.IfElse(
            s => s.Saga.WasCutShort,
            now => now.MakeReady(),
            later => later.WaitForRetry());

        public EventActivityBinder<TRow, T> WaitForRetry() => step
            .Then(s => s.Saga.Ready = false)
            .Then(s => s.Saga.GiveSlotBack(s.Unit()))
            .Schedule(
                ((WorkLifecycle<TRow>)step.StateMachine).RetryDue,
                s => new RetryDue(s.Saga.CorrelationId, s.Saga.Kind),
                s => s.Unit().After(
                    s.Saga.PutBacks > 0 ? RetryPause.AfterPutBack(s.Saga.PutBacks)
                    : s.Saga.RetryPauseSeconds is { } pause ? TimeSpan.FromSeconds(pause)
                    : RetryPause.After(s.Saga.Failures)));

        /// <summary>Work that takes its agents down is told apart from work that fails.</summary>
        /// <param name="limit">Attempts during which the agent died.</param>
        public EventActivityBinder<TRow, T> NameCrashLoop(int limit) => step.Then(s => s.Saga.NameCrashLoop(limit));

        public EventActivityBinder<TRow, T> Expire() => step.Then(s =>
        {
            s.Saga.ErrorCode = WorkErrors.Expired;
            s.Saga.ErrorMessage = $"The {s.Saga.Family} had to start by {s.Saga.ExpiresAt:O} and no agent had taken it by then.";
        });

        public EventActivityBinder<TRow, T> EndAsSuperseded() => step.Then(s =>
        {
            s.Saga.ErrorCode = WorkErrors.Superseded;
            s.Saga.ErrorMessage = $"{char.ToUpperInvariant(s.Saga.Family[0])}{s.Saga.Family[1..]} "
                + $"{WireId.Format(s.Saga.SupersededBy!.Value)} of the same queue_key was accepted later.";
        });

        /// <summary>A command to the agent that has the attempt, once this is committed.</summary>
        public EventActivityBinder<TRow, T> Tell(Func<BehaviorContext<TRow, T>, object> command) => step.Then(s =>
            s.Unit().Send(AgentChannel.AddressOf(s.Saga.Agent!), command(s), s.Saga.CorrelationId));

        public EventActivityBinder<TRow, T> AskAgentToStop() => step
            .Tell(s => new StopAttempt(s.Saga.CorrelationId, s.Saga.Kind, s.Saga.Attempt, Grace.TotalSeconds))
            .Schedule(
                ((WorkLifecycle<TRow>)step.StateMachine).CancelGraceOver,
                s => new CancelGraceOver(s.Saga.CorrelationId, s.Saga.Kind, s.Saga.Attempt),
                s => s.Unit().After(AskAgainAfter));

        public EventActivityBinder<TRow, T> RecordStart() => step.Then(s =>
        {
            s.Saga.StartedAt = s.Unit().Now;
            s.Saga.ProgressFraction = null;
            s.Saga.ProgressText = null;
        });
    }

    public static UnitOfWork Unit<TRow, T>(this BehaviorContext<TRow, T> context)
        where TRow : class, SagaStateMachineInstance where T : class => context.GetPayload<UnitOfWork>();
}
