using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Work;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Lifecycles;
using MassTransit;

namespace Fleet.Control.Chat;

/// <summary>
/// What can happen to all work, and that an answer may be lost. A turn has a place in its conversation; an attempt that
/// follows one that may have asked the upstream first looks what became of that.
/// </summary>
internal sealed class TurnLifecycle : WorkLifecycle<Turn>
{
    private readonly TurnMemory _memory;

    public TurnLifecycle(LeaseSettings leases, TurnMemory memory) : base(leases)
    {
        _memory = memory;
        During(Queued,
            When(AssignWork).Then(it => it.Saga.BeginAttempt(it.Unit().Now)));
        During(Assigned,
            When(AttemptFinished, IsPresent).Then(it => it.Saga.ForgetUnasked(hasBegun: false, it.Message.Result.ErrorCode)),
            When(AttemptLost, IsPresent).Then(it => it.Saga.ForgetUnasked(hasBegun: false, it.Message.Reason)));
        During(Running,
            When(AttemptFinished, IsPresent).Then(it => it.Saga.ForgetUnasked(hasBegun: true, it.Message.Result.ErrorCode)));
        Settle(Lost);
    }

    /// <summary>Nobody knows what became of the answer. What came of it stays.</summary>
    public State Lost { get; } = null!;

    public override Task Accepted(Turn work, UnitOfWork unit) => TurnRecords.Enter(work, unit);

    public override async ValueTask<RunAttempt> Complete(RunAttempt order, Turn work, UnitOfWork unit)
    {
        var spec = await _memory.Complete(SpecJson.Read<TurnSpec>(work.Spec), work, unit);
        return order with { SpecJson = SpecJson.Write(spec), TimeoutSeconds = work.TimeLeft(unit.Now) };
    }

    public override void Record(OutputChunk chunk, Turn work, UnitOfWork unit)
    {
        foreach (var piece in TurnPieces.Take(work, chunk))
        {
            if (chunk.Stream == TurnNote.Stream && TurnNotes.Read(piece) is var note)
            {
                if (note is null)
                    continue; // an agent may say anything
                work.UpstreamConversation = note.UpstreamConversation ?? work.UpstreamConversation;
            }

            if (chunk.Stream == TurnPieces.Content)
                work.FirstPieceAt ??= unit.Now;
            unit.AppendOutput(work, chunk.Stream, work.Attempt, piece);
        }
    }

    public override Task Ends(Turn work, State state, UnitOfWork unit) => TurnRecords.Close(work, state.Name, unit);

    protected override bool IsFinal(Turn work, AttemptResult result) => result.IsFinal || work.IsLost;

    protected override EventActivityBinder<Turn, AttemptFinished> Fail(EventActivityBinder<Turn, AttemptFinished> step) =>
        step.IfElse(report => report.Saga.IsLost, lost => lost.Finish(Lost), failed => base.Fail(failed));
}
