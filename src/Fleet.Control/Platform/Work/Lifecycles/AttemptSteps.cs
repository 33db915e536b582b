using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Journal;
using MassTransit;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>What a lifecycle does with what is said of an attempt.</summary>
internal static class AttemptSteps
{
    extension<TRow>(EventActivityBinder<TRow, AttemptOutput> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, AttemptOutput> RecordOutput() => step.Then(s =>
        {
            foreach (var chunk in s.Message.Chunks)
                ((WorkLifecycle<TRow>)step.StateMachine).Record(chunk, s.Saga, s.Unit());
        });
    }

    extension<TRow>(EventActivityBinder<TRow, AttemptProgressed> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, AttemptProgressed> RecordProgress() => step.Then(s =>
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

    extension<TRow>(EventActivityBinder<TRow, ArtifactStored> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, ArtifactStored> RecordArtifact() => step.Then(s =>
        {
            s.Saga.HasArtifacts = true;
            s.Unit().Append(s.Saga, "artifact", s.Message.Attempt, new
            {
                s.Message.Name,
                s.Message.Size,
                s.Message.ContentType,
                s.Message.Sha256,
                Url = WorkLinks.Artifact(s.Saga, s.Message.Name),
                s.Message.Attempt,
            });
        });
    }

    extension<TRow>(EventActivityBinder<TRow, AttemptFinished> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, AttemptFinished> RecordOutcome() => step.Then(s => s.Saga.Apply(s.Message.Result));

        /// <summary>
        /// The end of an attempt that is over already: told once, by the agent that had it, and otherwise without effect.
        /// </summary>
        public EventActivityBinder<TRow, AttemptFinished> NoteStale() => step.Then(s =>
        {
            if (!s.Saga.TakeLateEnd(s.Message))
                return;
            s.Unit().Append(s.Saga, "stale", s.Message.Attempt, new
            {
                Message = nameof(AttemptFinished),
                s.Message.Attempt,
                s.Message.Agent,
            });
        });
    }

    extension<TRow>(EventActivityBinder<TRow, AttemptLost> step) where TRow : WorkRow
    {
        public EventActivityBinder<TRow, AttemptLost> RecordLoss() => step.Then(s => s.Saga.Lose(s.Message.Reason));

        /// <summary>
        /// An agent that lives but does not name the attempt may meet the command yet: then it must not begin.
        /// </summary>
        public EventActivityBinder<TRow, AttemptLost> CallOff() => step.If(
            s => s.Message.Reason is LossReasons.NotAccepted or LossReasons.NotInHand,
            heard => heard.Tell(s => new StopAttempt(s.Saga.CorrelationId, s.Saga.Kind, s.Message.Attempt, 0)));
    }
}
