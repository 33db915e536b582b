using Fleet.Contracts.Attempts;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Dispatch;
using MassTransit;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>
/// What can happen to work of any kind, in every state. Attempts are numbered; what an agent says of another attempt than
/// the present one, or of another agent's, changes nothing. A lifecycle of its own adds events and steps.
/// </summary>
internal abstract class WorkLifecycle<TRow> : WorkHooks<TRow> where TRow : WorkRow
{
    private readonly LeaseSettings _leases;

    protected WorkLifecycle(LeaseSettings leases)
    {
        _leases = leases;
        InstanceState(work => work.State);
        Correlate();

        Initially(
            When(SubmitWork).Accept().Become(Queued));

        During(Queued,
            When(AssignWork).Assign().Become(Assigned).TellAgentToRun(),
            When(RetryDue!.Received).MakeReady(),
            When(WorkExpired!.Received, expiry => !expiry.Saga.HasStarted).Expire().Finish(Expired),
            When(CancelWork).RecordCancel().Finish(Cancelled),
            When(SkipWork).RecordSkip().Finish(Expired),
            When(SupersedeWork).RecordSuccessor().EndAsSuperseded().Finish(Expired),
            When(AttemptFinished).NoteStale(),
            Ignore(SubmitWork), Ignore(AttemptStarted), Ignore(AttemptOutput), Ignore(AttemptProgressed), Ignore(ArtifactStored),
            Ignore(AttemptLost), Ignore(CancelGraceOver!.Received));

        During(Assigned,
            When(AttemptStarted, IsPresent).RecordStart().Become(Running),
            When(AttemptLost, IsPresent).CallOff().IfElse(
                loss => loss.Saga.SupersededBy is not null,
                old => old.EndAsSuperseded().Finish(Expired),
                present => present.IfElse(
                    loss => loss.Saga.MissedItsTime(loss.Unit().Now),
                    late => late.Expire().Finish(Expired),
                    again => again.MakeReady().Become(Queued, loss => loss.Message.Reason))));

        During(Running,
            Ignore(AttemptStarted),
            When(AttemptLost, IsPresent).RecordLoss().CallOff().IfElse(
                loss => MayTryAgain(loss.Saga),
                again => again.MakeReady().Become(Queued, loss => loss.Message.Reason),
                over => over.NameCrashLoop(_leases.CrashLoopAfter).Finish(Failed)));

        During([Assigned, Running], // a report may overtake the start
            When(AttemptFinished, IsPresent).RecordOutcome().IfElse(
                report => report.Saga.HasSucceeded,
                done => done.Finish(Succeeded),
                not => not.IfElse(
                    report => MayTryAgain(report.Saga) && !IsFinal(report.Saga, report.Message.Result),
                    again => again.IfElse(
                        report => report.Saga.MissedItsTime(report.Unit().Now),
                        late => late.Expire().Finish(Expired),
                        timely => timely.TryAgain().Become(Queued, report => report.Saga.ErrorCode)),
                    over => over.IfElse(
                        report => report.Saga.WasOvertaken,
                        old => old.EndAsSuperseded().Finish(Expired),
                        failed => Fail(failed.NameCrashLoop(_leases.CrashLoopAfter))))),
            When(CancelWork).RecordCancel().Become(Cancelling).AskAgentToStop(),
            When(SupersedeWork).RecordSuccessor(),
            Ignore(AssignWork), Ignore(RetryDue.Received), Ignore(WorkExpired.Received), Ignore(CancelGraceOver.Received));

        During(Cancelling,
            When(AttemptStarted, IsPresent).RecordStart(),
            When(AttemptFinished, IsPresent).RecordOutcome().IfElse(
                report => report.Saga.HasSucceeded,
                done => done.Finish(Succeeded),
                not => not.Finish(Cancelled)),
            When(AttemptLost, IsPresent).RecordLoss().Finish(Cancelled),
            When(CancelGraceOver.Received).AskAgentToStop(),
            Ignore(CancelWork), Ignore(SupersedeWork), Ignore(AssignWork), Ignore(RetryDue.Received),
            Ignore(WorkExpired.Received));

        During([Queued, Assigned, Running, Cancelling],
            When(ReprioritiseWork).Reprioritise(),
            When(RelabelWork).Relabel());

        During([Assigned, Running, Cancelling],
            When(AttemptOutput, IsPresent).RecordOutput(),
            When(AttemptProgressed, IsPresent).RecordProgress(),
            When(ArtifactStored, IsPresent).RecordArtifact(),
            When(AttemptFinished, late => !IsPresent(late)).NoteStale(),
            Ignore(SubmitWork), Ignore(SkipWork));

        Settle(Succeeded, Failed, Cancelled, Expired);
    }

    public State Queued { get; } = null!;

    public State Assigned { get; } = null!;

    public State Running { get; } = null!;

    public State Cancelling { get; } = null!;

    public State Succeeded { get; } = null!;

    public State Failed { get; } = null!;

    public State Cancelled { get; } = null!;

    public State Expired { get; } = null!;

    public Event<SubmitWork> SubmitWork { get; } = null!;

    public Event<CancelWork> CancelWork { get; } = null!;

    public Event<SkipWork> SkipWork { get; } = null!;

    public Event<SupersedeWork> SupersedeWork { get; } = null!;

    public Event<ReprioritiseWork> ReprioritiseWork { get; } = null!;

    public Event<RelabelWork> RelabelWork { get; } = null!;

    public Event<AssignWork> AssignWork { get; } = null!;

    public Event<AttemptStarted> AttemptStarted { get; } = null!;

    public Event<AttemptOutput> AttemptOutput { get; } = null!;

    public Event<AttemptProgressed> AttemptProgressed { get; } = null!;

    public Event<ArtifactStored> ArtifactStored { get; } = null!;

    public Event<AttemptFinished> AttemptFinished { get; } = null!;

    public Event<AttemptLost> AttemptLost { get; } = null!;

    public Schedule<TRow, RetryDue> RetryDue { get; } = null!;

    public Schedule<TRow, WorkExpired> WorkExpired { get; } = null!;

    public Schedule<TRow, CancelGraceOver> CancelGraceOver { get; } = null!;

    private static bool IsPresent(BehaviorContext<TRow, AttemptStarted> it) =>
        it.Saga.IsHeld(it.Message.Attempt, it.Message.Agent);

    private static bool IsPresent(BehaviorContext<TRow, AttemptOutput> it) =>
        it.Saga.IsHeld(it.Message.Attempt, it.Message.Agent);

    private static bool IsPresent(BehaviorContext<TRow, AttemptProgressed> it) =>
        it.Saga.IsHeld(it.Message.Attempt, it.Message.Agent);

    protected static bool IsPresent(BehaviorContext<TRow, AttemptFinished> it) =>
        it.Saga.IsHeld(it.Message.Attempt, it.Message.Agent);

    private static bool IsPresent(BehaviorContext<TRow, ArtifactStored> it) => it.Saga.Attempt == it.Message.Attempt;

    protected static bool IsPresent(BehaviorContext<TRow, AttemptLost> it) => it.Saga.Attempt == it.Message.Attempt;

    private bool MayTryAgain(TRow work) => work.MayTryAgain && work.Crashes < _leases.CrashLoopAfter;

    /// <summary>The end of work whose last attempt failed.</summary>
    protected virtual EventActivityBinder<TRow, AttemptFinished> Fail(EventActivityBinder<TRow, AttemptFinished> step) =>
        step.Finish(Failed);

    /// <summary>In these states it is over: late and repeated messages change nothing.</summary>
    protected void Settle(params State[] states) => During(states,
        When(RelabelWork).Relabel(),
        Ignore(ReprioritiseWork), Ignore(SubmitWork), Ignore(CancelWork), Ignore(SkipWork), Ignore(SupersedeWork), Ignore(AssignWork),
        Ignore(AttemptStarted), Ignore(AttemptOutput), Ignore(AttemptProgressed), Ignore(ArtifactStored), Ignore(AttemptFinished),
        Ignore(AttemptLost), Ignore(RetryDue.Received), Ignore(WorkExpired.Received), Ignore(CancelGraceOver.Received));

    private void Correlate()
    {
        Event(() => SubmitWork, submit => submit.CorrelateById(message => message.Message.WorkId));
        About(() => CancelWork);
        About(() => SkipWork);
        About(() => SupersedeWork);
        About(() => ReprioritiseWork);
        About(() => RelabelWork);
        About(() => AssignWork);
        About(() => AttemptStarted);
        About(() => AttemptOutput);
        About(() => AttemptProgressed);
        About(() => ArtifactStored);
        About(() => AttemptFinished);
        About(() => AttemptLost);
        Schedule(() => RetryDue, work => work.RetryToken, timer => timer.Received = about => Discard(about));
        Schedule(() => WorkExpired, work => work.ExpiryToken, timer => timer.Received = about => Discard(about));
        Schedule(() => CancelGraceOver, work => work.GraceToken, timer => timer.Received = about => Discard(about));
    }

    /// <summary>An event of a lifecycle of its own: what is not there any more needs no news.</summary>
    protected void About<T>(System.Linq.Expressions.Expression<Func<Event<T>>> said) where T : class, IWorkMessage =>
        Event(said, about => Discard(about));

    private static void Discard<T>(IEventCorrelationConfigurator<TRow, T> about) where T : class, IWorkMessage =>
        about.CorrelateById(message => message.Message.WorkId).OnMissingInstance(missing => missing.Discard());
}
