using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using MassTransit;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>
/// Where a lifecycle of its own has a word in the steps that all work goes through. All of it is part of the unit of the
/// message at hand.
/// </summary>
internal abstract class WorkHooks<TRow> : MassTransitStateMachine<TRow> where TRow : WorkRow
{
    /// <summary>The row is filled, and nobody was told yet.</summary>
    public virtual Task Accepted(TRow work, UnitOfWork unit) => Task.CompletedTask;

    /// <summary>What the agent is told: specifications may say more by then than when they were submitted.</summary>
    public virtual ValueTask<RunAttempt> Complete(RunAttempt order, TRow work, UnitOfWork unit) => ValueTask.FromResult(order);

    /// <summary>A piece of what the present attempt wrote.</summary>
    public virtual void Record(OutputChunk chunk, TRow work, UnitOfWork unit) =>
        unit.AppendOutput(work, chunk.Stream, work.Attempt, chunk.Bytes);

    /// <summary>The work is about to end as this, and nobody was told yet.</summary>
    public virtual Task Ends(TRow work, State state, UnitOfWork unit) => Task.CompletedTask;

    /// <summary>Whether no other attempt may follow one that failed so.</summary>
    protected virtual bool IsFinal(TRow work, AttemptResult result) => result.IsFinal;
}
