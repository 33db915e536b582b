using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using MassTransit;

namespace Fleet.Control.Jobs;

/// <summary>What the lifecycle's verbs do. All of it goes into the unit of the message at hand.</summary>
internal static class JobLifecycleSteps
{
    /// <summary>How long an agent has to end an attempt before it is killed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>After that, the agent is asked again.</summary>
    private static readonly TimeSpan AskAgainAfter = Grace + TimeSpan.FromSeconds(5);

    extension<T>(EventActivityBinder<Job, T> step) where T : class
    {
        /// <param name="why">A stable code for the journal, where there is one.</param>
        public EventActivityBinder<Job, T> Become(State state, Func<BehaviorContext<Job, T>, string?>? why = null) => step
            .Then(s => s.Saga.TellState(s.Unit(), state.Name, why?.Invoke(s)))
            .TransitionTo(state);

        /// <summary>The end: nothing follows it.</summary>
        public EventActivityBinder<Job, T> Finish(State state) => step
            .Then(s =>
            {
                s.Saga.FinishedAt = s.Unit().Now;
                s.Saga.TellState(s.Unit(), state.Name, s.Saga.ErrorCode);
                s.Unit().AppendEnd(s.Saga, s.Saga.Attempt);
                s.Saga.GiveSlotBack(s.Unit());
            })
            .Unschedule(((JobLifecycle)step.StateMachine).RetryDue)
            .Unschedule(((JobLifecycle)step.StateMachine).JobExpired)
            .Unschedule(((JobLifecycle)step.StateMachine).CancelGraceOver)
            .TransitionTo(state);

        public EventActivityBinder<Job, T> MakeReady() => step.Then(s =>
        {
            s.Saga.GiveSlotBack(s.Unit());
            s.Saga.AskForSlot(s.Unit());
        });

        /// <summary>At once when the attempt was cut short, else after a pause.</summary>
        public EventActivityBinder<Job, T> TryAgain() => step.IfElse(
            s => s.Saga.WasCutShort(),
            now => now.MakeReady(),
            later => later.WaitForRetry());

        public EventActivityBinder<Job, T> WaitForRetry() => step
            .Then(s => s.Saga.Ready = false)
            .Then(s => s.Saga.GiveSlotBack(s.Unit()))
            .Schedule(
                ((JobLifecycle)step.StateMachine).RetryDue,
                s => new RetryDue(s.Saga.CorrelationId),
                s => s.Unit().After(
                    s.Saga.PutBacks > 0 ? RetryPause.AfterPutBack(s.Saga.PutBacks) : RetryPause.After(s.Saga.Failures)));

        /// <summary>A job that takes its agents down is told apart from one that fails.</summary>
        /// <param name="limit">Attempts during which the agent died.</param>
        public EventActivityBinder<Job, T> NameCrashLoop(int limit) => step.Then(s => s.Saga.NameCrashLoop(limit));

        public EventActivityBinder<Job, T> Expire() => step.Then(s =>
        {
            s.Saga.ErrorCode = "expired";
            s.Saga.ErrorMessage = $"The job had to start by {s.Saga.ExpiresAt:O} and no agent had taken it by then.";
        });

        public EventActivityBinder<Job, T> EndAsSuperseded() => step.Then(s =>
        {
            s.Saga.ErrorCode = "superseded";
            s.Saga.ErrorMessage =
                $"Job {WireId.Format(s.Saga.SupersededBy!.Value)} of the same queue_key was accepted later.";
        });

        /// <summary>A command to the agent that has the attempt, once this is committed.</summary>
        public EventActivityBinder<Job, T> Tell(Func<BehaviorContext<Job, T>, object> command) => step.Then(s =>
            s.Unit().Send(AgentAddress.ExchangeOf(s.Saga.Agent!), command(s), s.Saga.CorrelationId));

        public EventActivityBinder<Job, T> AskAgentToStop() => step
            .Tell(s => new StopJob(s.Saga.CorrelationId, s.Saga.Attempt, Grace.TotalSeconds))
            .Schedule(
                ((JobLifecycle)step.StateMachine).CancelGraceOver,
                s => new CancelGraceOver(s.Saga.CorrelationId, s.Saga.Attempt),
                s => s.Unit().After(AskAgainAfter));

        public EventActivityBinder<Job, T> RecordStart() => step.Then(s =>
        {
            s.Saga.StartedAt = s.Unit().Now;
            s.Saga.ProgressFraction = null;
            s.Saga.ProgressText = null;
        });
    }

    extension(EventActivityBinder<Job, SubmitJob> step)
    {
        public EventActivityBinder<Job, SubmitJob> Accept() => step
            .Then(s => s.Saga.Fill(s.Message, s.Unit().Now))
            .IfElse(
                s => s.Saga.NotBefore > s.Unit().Now,
                later => later.Schedule(
                    ((JobLifecycle)step.StateMachine).RetryDue,
                    s => new RetryDue(s.Saga.CorrelationId),
                    s => s.Saga.NotBefore!.Value.UtcDateTime),
                now => now.Then(s => s.Saga.AskForSlot(s.Unit())))
            .If(s => s.Saga.QueueId is not null, line => line.ThenAsync(s => s.Unit().Supersede(s.Saga)))
            .If(
                s => s.Saga.ExpiresAt is not null,
                limited => limited.Schedule(
                    ((JobLifecycle)step.StateMachine).JobExpired,
                    s => new JobExpired(s.Saga.CorrelationId),
                    s => s.Saga.ExpiresAt!.Value.UtcDateTime));
    }

    extension(EventActivityBinder<Job, AssignJob> step)
    {
        public EventActivityBinder<Job, AssignJob> Assign() => step.Then(s =>
        {
            s.Saga.Attempt++;
            s.Saga.Agent = s.Message.Agent;
            s.Saga.Upstream = s.Message.Upstream;
            s.Saga.Remember(s.Message.Agent);
            s.Saga.AgentSession = s.Message.Session;
            s.Saga.AssignedAt = s.Unit().Now;
            if (s.Saga.Rate is { } rate)
                s.Unit().Db.Add(JobStart.Of(s.Saga, rate, s.Unit().Now));
            s.Unit().Slots.Add((s.Saga.CorrelationId, s.Saga.Holding(s.Message.Agent)));
        });

        public EventActivityBinder<Job, AssignJob> TellAgentToRun() => step.Tell(s => new RunJob(
            s.Saga.CorrelationId,
            s.Saga.Attempt,
            s.Message.Session,
            JsonSerializer.Deserialize<JobSpec>(s.Saga.Spec, JobSpecJson.Options)!,
            s.Saga.TimeoutSeconds,
            s.Saga.Name,
            s.Message.Beat,
            s.Message.Upstream));
    }

    extension(EventActivityBinder<Job, CancelJob> step)
    {
        public EventActivityBinder<Job, CancelJob> RecordCancel() => step.Then(s =>
        {
            s.Saga.ErrorCode = "cancelled";
            s.Saga.ErrorMessage = $"Cancelled by {s.Message.By}.";
        });
    }

    extension(EventActivityBinder<Job, SkipJob> step)
    {
        public EventActivityBinder<Job, SkipJob> RecordSkip() => step.Then(s =>
        {
            s.Saga.ErrorCode = "agent_offline";
            s.Saga.ErrorMessage = JobFacts.Skipped;
        });
    }

    extension(EventActivityBinder<Job, SupersedeJob> step)
    {
        public EventActivityBinder<Job, SupersedeJob> RecordSuccessor() => step.Then(s =>
            s.Saga.SupersededBy = s.Message.By);
    }

    extension(EventActivityBinder<Job, ReprioritiseJob> step)
    {
        public EventActivityBinder<Job, ReprioritiseJob> Reprioritise() => step.Then(s =>
            s.Saga.Take(s.Message, s.Unit()));
    }

    extension(EventActivityBinder<Job, RelabelJob> step)
    {
        public EventActivityBinder<Job, RelabelJob> Relabel() => step.Then(s => s.Saga.Take(s.Message, s.Unit()));
    }

    extension(EventActivityBinder<Job, JobOutput> step)
    {
        public EventActivityBinder<Job, JobOutput> RecordOutput() => step.Then(s =>
        {
            foreach (var chunk in s.Message.Chunks)
                s.Unit().AppendOutput(s.Saga, JobWords.OutputOf(s.Saga.Kind, chunk.Stream), s.Message.Attempt, chunk.Bytes);
        });
    }

    extension(EventActivityBinder<Job, JobProgressed> step)
    {
        public EventActivityBinder<Job, JobProgressed> RecordProgress() => step.Then(s =>
        {
            s.Saga.ProgressFraction = Math.Clamp(s.Message.Fraction, 0, 1);
            s.Saga.ProgressText = s.Message.Text;
            s.Unit().Append(s.Saga, "progress", s.Message.Attempt, new
            {
                Fraction = s.Saga.ProgressFraction,
                Text = s.Saga.ProgressText,
                s.Message.Attempt,
            });
        });
    }

    extension(EventActivityBinder<Job, ArtifactStored> step)
    {
        public EventActivityBinder<Job, ArtifactStored> RecordArtifact() => step.Then(s =>
        {
            s.Saga.HasArtifacts = true;
            s.Unit().Append(s.Saga, "artifact", s.Message.Attempt, new
            {
                s.Message.Name,
                s.Message.Size,
                s.Message.ContentType,
                s.Message.Sha256,
                Url = JobLinks.Artifact(s.Saga.CorrelationId, s.Message.Name),
                s.Message.Attempt,
            });
        });
    }

    extension(EventActivityBinder<Job, JobFinished> step)
    {
        public EventActivityBinder<Job, JobFinished> RecordOutcome() => step.Then(s => s.Saga.Take(s.Message.Result));

        /// <summary>
        /// The end of an attempt that is over already: told once, by the agent that had it, and otherwise without effect.
        /// </summary>
        public EventActivityBinder<Job, JobFinished> NoteStale() => step.Then(s =>
        {
            if (!s.Saga.TakeLateEnd(s.Message))
                return;
            s.Unit().Append(s.Saga, "stale", s.Message.Attempt, new
            {
                Message = nameof(JobFinished),
                s.Message.Attempt,
                s.Message.Agent,
            });
        });
    }

    extension(EventActivityBinder<Job, AttemptLost> step)
    {
        public EventActivityBinder<Job, AttemptLost> RecordLoss() => step.Then(s => s.Saga.Lose(s.Message.Reason));

        /// <summary>
        /// An agent that lives but does not name the attempt may meet the command yet: then it must not begin.
        /// </summary>
        public EventActivityBinder<Job, AttemptLost> CallOff() => step.If(
            s => s.Message.Reason is "not_accepted" or "not_in_hand",
            heard => heard.Tell(s => new StopJob(s.Saga.CorrelationId, s.Message.Attempt, 0)));
    }

    public static Unit Unit<T>(this BehaviorContext<Job, T> context) where T : class => context.GetPayload<Unit>();
}
