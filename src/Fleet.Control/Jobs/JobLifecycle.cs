using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Dispatch;
using MassTransit;

namespace Fleet.Control.Jobs;

/// <summary>
/// What can happen to a job, in every state. Attempts are numbered; what an agent says of another attempt than the
/// present one, or of another agent's, changes nothing.
/// </summary>
internal sealed class JobLifecycle : MassTransitStateMachine<Job>
{
    private readonly LeaseSettings _leases;

    public JobLifecycle(LeaseSettings leases)
    {
        _leases = leases;
        InstanceState(job => job.State);
        Correlate();

        Initially(
            When(SubmitJob).Accept().Become(Queued));

        During(Queued,
            When(AssignJob).Assign().Become(Assigned).TellAgentToRun(),
            When(RetryDue!.Received).MakeReady(),
            When(JobExpired!.Received, expiry => !expiry.Saga.HasStarted).Expire().Finish(Expired),
            When(CancelJob).RecordCancel().Finish(Cancelled),
            When(SkipJob).RecordSkip().Finish(Expired),
            When(SupersedeJob).RecordSuccessor().EndAsSuperseded().Finish(Expired),
            When(JobFinished).NoteStale(),
            Ignore(SubmitJob), Ignore(JobStarted), Ignore(JobOutput), Ignore(JobProgressed), Ignore(ArtifactStored),
            Ignore(AttemptLost), Ignore(CancelGraceOver!.Received));

        During(Assigned,
            When(JobStarted, IsPresent).RecordStart().Become(Running),
            When(AttemptLost, IsPresent).CallOff().IfElse(
                loss => loss.Saga.SupersededBy is not null,
                old => old.EndAsSuperseded().Finish(Expired),
                present => present.IfElse(
                    loss => loss.Saga.MissedItsTime(loss.Unit().Now),
                    late => late.Expire().Finish(Expired),
                    again => again.MakeReady().Become(Queued, loss => loss.Message.Reason))));

        During(Running,
            Ignore(JobStarted),
            When(AttemptLost, IsPresent).RecordLoss().CallOff().IfElse(
                loss => MayTryAgain(loss.Saga),
                again => again.MakeReady().Become(Queued, loss => loss.Message.Reason),
                over => over.NameCrashLoop(_leases.CrashLoopAfter).Finish(Failed)));

        During([Assigned, Running], // a report may overtake the start
            When(JobFinished, IsPresent).RecordOutcome().IfElse(
                report => report.Saga.HasSucceeded(),
                done => done.Finish(Succeeded),
                not => not.IfElse(
                    report => MayTryAgain(report.Saga) && !report.Message.Result.IsFinal,
                    again => again.IfElse(
                        report => report.Saga.MissedItsTime(report.Unit().Now),
                        late => late.Expire().Finish(Expired),
                        timely => timely.TryAgain().Become(Queued, report => report.Saga.ErrorCode)),
                    over => over.IfElse(
                        report => report.Saga.WasOvertaken(),
                        old => old.EndAsSuperseded().Finish(Expired),
                        failed => failed.NameCrashLoop(_leases.CrashLoopAfter).Finish(Failed)))),
            When(CancelJob).RecordCancel().Become(Cancelling).AskAgentToStop(),
            When(SupersedeJob).RecordSuccessor(),
            Ignore(AssignJob), Ignore(RetryDue.Received), Ignore(JobExpired.Received), Ignore(CancelGraceOver.Received));

        During(Cancelling,
            When(JobStarted, IsPresent).RecordStart(),
            When(JobFinished, IsPresent).RecordOutcome().IfElse(
                report => report.Saga.HasSucceeded(),
                done => done.Finish(Succeeded),
                not => not.Finish(Cancelled)),
            When(AttemptLost, IsPresent).RecordLoss().Finish(Cancelled),
            When(CancelGraceOver.Received).AskAgentToStop(),
            Ignore(CancelJob), Ignore(SupersedeJob), Ignore(AssignJob), Ignore(RetryDue.Received),
            Ignore(JobExpired.Received));

        During([Queued, Assigned, Running, Cancelling],
            When(ReprioritiseJob).Reprioritise(),
            When(RelabelJob).Relabel());

        During([Assigned, Running, Cancelling],
            When(JobOutput, IsPresent).RecordOutput(),
            When(JobProgressed, IsPresent).RecordProgress(),
            When(ArtifactStored, IsPresent).RecordArtifact(),
            When(JobFinished, IsStale).NoteStale(),
            Ignore(SubmitJob), Ignore(SkipJob));

        During([Succeeded, Failed, Cancelled, Expired], // settled: late and repeated messages change nothing
            When(RelabelJob).Relabel(),
            Ignore(ReprioritiseJob), Ignore(SubmitJob), Ignore(CancelJob), Ignore(SkipJob), Ignore(SupersedeJob), Ignore(AssignJob),
            Ignore(JobStarted), Ignore(JobOutput), Ignore(JobProgressed), Ignore(ArtifactStored), Ignore(JobFinished), Ignore(AttemptLost),
            Ignore(RetryDue.Received), Ignore(JobExpired.Received), Ignore(CancelGraceOver.Received));
    }

    public State Queued { get; } = null!;

    public State Assigned { get; } = null!;

    public State Running { get; } = null!;

    public State Cancelling { get; } = null!;

    public State Succeeded { get; } = null!;

    public State Failed { get; } = null!;

    public State Cancelled { get; } = null!;

    public State Expired { get; } = null!;

    public Event<SubmitJob> SubmitJob { get; } = null!;

    public Event<CancelJob> CancelJob { get; } = null!;

    public Event<SkipJob> SkipJob { get; } = null!;

    public Event<SupersedeJob> SupersedeJob { get; } = null!;

    public Event<ReprioritiseJob> ReprioritiseJob { get; } = null!;

    public Event<RelabelJob> RelabelJob { get; } = null!;

    public Event<AssignJob> AssignJob { get; } = null!;

    public Event<JobStarted> JobStarted { get; } = null!;

    public Event<JobOutput> JobOutput { get; } = null!;

    public Event<JobProgressed> JobProgressed { get; } = null!;

    public Event<ArtifactStored> ArtifactStored { get; } = null!;

    public Event<JobFinished> JobFinished { get; } = null!;

    public Event<AttemptLost> AttemptLost { get; } = null!;

    public Schedule<Job, RetryDue> RetryDue { get; } = null!;

    public Schedule<Job, JobExpired> JobExpired { get; } = null!;

    public Schedule<Job, CancelGraceOver> CancelGraceOver { get; } = null!;

    private static bool IsPresent(BehaviorContext<Job, JobStarted> it) =>
        it.Saga.IsHeld(it.Message.Attempt, it.Message.Agent);

    private static bool IsPresent(BehaviorContext<Job, JobOutput> it) =>
        it.Saga.IsHeld(it.Message.Attempt, it.Message.Agent);

    private static bool IsPresent(BehaviorContext<Job, JobProgressed> it) =>
        it.Saga.IsHeld(it.Message.Attempt, it.Message.Agent);

    private static bool IsPresent(BehaviorContext<Job, JobFinished> it) =>
        it.Saga.IsHeld(it.Message.Attempt, it.Message.Agent);

    private static bool IsPresent(BehaviorContext<Job, ArtifactStored> it) => it.Saga.Attempt == it.Message.Attempt;

    private static bool IsPresent(BehaviorContext<Job, AttemptLost> it) => it.Saga.Attempt == it.Message.Attempt;

    private static bool IsStale(BehaviorContext<Job, JobFinished> it) => !IsPresent(it);

    private bool MayTryAgain(Job job) => job.MayTryAgain && job.Crashes < _leases.CrashLoopAfter;

    private void Correlate()
    {
        Event(() => SubmitJob, submit => submit.CorrelateById(message => message.Message.JobId));
        About(() => CancelJob, message => message.JobId);
        About(() => SkipJob, message => message.JobId);
        About(() => SupersedeJob, message => message.JobId);
        About(() => ReprioritiseJob, message => message.JobId);
        About(() => RelabelJob, message => message.JobId);
        About(() => AssignJob, message => message.JobId);
        About(() => JobStarted, message => message.JobId);
        About(() => JobOutput, message => message.JobId);
        About(() => JobProgressed, message => message.JobId);
        About(() => ArtifactStored, message => message.JobId);
        About(() => JobFinished, message => message.JobId);
        About(() => AttemptLost, message => message.JobId);
        Schedule(() => RetryDue, job => job.RetryToken, timer =>
            timer.Received = about => Discard(about.CorrelateById(message => message.Message.JobId)));
        Schedule(() => JobExpired, job => job.ExpiryToken, timer =>
            timer.Received = about => Discard(about.CorrelateById(message => message.Message.JobId)));
        Schedule(() => CancelGraceOver, job => job.GraceToken, timer =>
            timer.Received = about => Discard(about.CorrelateById(message => message.Message.JobId)));
    }

    private void About<T>(System.Linq.Expressions.Expression<Func<Event<T>>> said, Func<T, Guid> job) where T : class =>
        Event(said, about => Discard(about.CorrelateById(message => job(message.Message))));

    /// <summary>A job that is gone needs no more news.</summary>
    private static void Discard<T>(IEventCorrelationConfigurator<Job, T> about) where T : class =>
        about.OnMissingInstance(missing => missing.Discard());
}
