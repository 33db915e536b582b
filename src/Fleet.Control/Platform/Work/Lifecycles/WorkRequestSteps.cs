using Fleet.Contracts.Attempts;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Outbox;
using MassTransit;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>What a lifecycle does with what is asked of its work.</summary>
internal static class WorkRequestSteps
{
    extension<TRow>(EventActivityBinder<TRow, SubmitWork> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, SubmitWork> Accept() => step
            .Then(s => s.Saga.Fill(s.Message, s.Unit().Now))
            .ThenAsync(s => ((WorkLifecycle<TRow>)step.StateMachine).Accepted(s.Saga, s.Unit()))
            .IfElse(
                s => s.Saga.NotBefore > s.Unit().Now,
                later => later.Schedule(
                    ((WorkLifecycle<TRow>)step.StateMachine).RetryDue,
                    s => new RetryDue(s.Saga.CorrelationId, s.Saga.Kind),
                    s => s.Saga.NotBefore!.Value.UtcDateTime),
                now => now.Then(s => s.Saga.AskForSlot(s.Unit())))
            .If(s => s.Saga.QueueId is not null, line => line.ThenAsync(s => s.Unit().Supersede(s.Saga)))
            .If(
                s => s.Saga.ExpiresAt is not null,
                limited => limited.Schedule(
                    ((WorkLifecycle<TRow>)step.StateMachine).WorkExpired,
                    s => new WorkExpired(s.Saga.CorrelationId, s.Saga.Kind),
                    s => s.Saga.ExpiresAt!.Value.UtcDateTime));
    }

    extension<TRow>(EventActivityBinder<TRow, AssignWork> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, AssignWork> Assign() => step.Then(s => s.Saga.Apply(s.Message, s.Unit()));

        public EventActivityBinder<TRow, AssignWork> TellAgentToRun() => step.ThenAsync(async s =>
        {
            var order = new RunAttempt(
                s.Saga.CorrelationId,
                s.Saga.Kind,
                s.Saga.Attempt,
                s.Message.Session,
                s.Saga.Spec,
                s.Saga.TimeoutSeconds,
                s.Saga.Name,
                s.Message.Beat,
                s.Message.Upstream,
                s.Saga.Tenant);
            order = await ((WorkLifecycle<TRow>)step.StateMachine).Complete(order, s.Saga, s.Unit());
            s.Unit().Send(AgentChannel.AddressOf(s.Saga.Agent!), order, s.Saga.CorrelationId);
        });
    }

    extension<TRow>(EventActivityBinder<TRow, CancelWork> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, CancelWork> RecordCancel() => step.Then(s =>
        {
            s.Saga.ErrorCode = AttemptErrors.Cancelled;
            s.Saga.ErrorMessage = $"Cancelled by {s.Message.By}.";
        });
    }

    extension<TRow>(EventActivityBinder<TRow, SkipWork> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, SkipWork> RecordSkip() => step.Then(s =>
        {
            s.Saga.ErrorCode = WorkErrors.AgentOffline;
            s.Saga.ErrorMessage = WorkErrors.Skipped(s.Saga.Family);
        });
    }

    extension<TRow>(EventActivityBinder<TRow, SupersedeWork> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, SupersedeWork> RecordSuccessor() => step.Then(s =>
            s.Saga.SupersededBy = s.Message.By);
    }

    extension<TRow>(EventActivityBinder<TRow, ReprioritiseWork> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, ReprioritiseWork> Reprioritise() => step.Then(s =>
            s.Saga.Apply(s.Message, s.Unit()));
    }

    extension<TRow>(EventActivityBinder<TRow, RelabelWork> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, RelabelWork> Relabel() => step.Then(s => s.Saga.Apply(s.Message, s.Unit()));
    }
}
