using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Lifecycles;
using Fleet.Control.Platform.Work.Queue;
using Fleet.Control.Platform.Work.Retention;

namespace Fleet.Control.Platform.Work;

/// <summary>
/// What can be done to work, for every door alike: routes, sockets, schedules and bulk. It knows nothing of HTTP: who asks,
/// by which key a repetition is known, and where the audit notes it, are values.
/// </summary>
internal sealed class WorkOperations(
    GroupCommit commits, WorkKinds kinds, WorkAgents agents, IdempotentWork once, WorkRemoval removal)
{
    /// <summary>Accepts all of the submissions in one transaction, or what the same request was answered before.</summary>
    /// <param name="answer">Made of the rows, in the order of the submissions.</param>
    /// <exception cref="ProblemException">The key was used for another request.</exception>
    public async Task<Answer> Submit(
        Request by, IReadOnlyList<SubmitWork> work, Func<IReadOnlyList<WorkRow>, Answer> answer, CancellationToken stop)
    {
        var skipped = await agents.Skipped(work, stop);
        var rows = work.Select(one => kinds.RowOf(one.Kind, one.WorkId, isNew: true)).ToArray();
        var given = await once.Run(by, rows, async unit =>
        {
            foreach (var one in work)
                await Accept(unit, one, skipped);

            var accepted = new List<WorkRow>(rows.Length);
            foreach (var row in rows)
                accepted.Add((WorkRow)(await unit.Find(row))!);
            return answer(accepted);
        }, stop);
        return given.IsReplay ? await removal.StillThere(given, stop) : given;
    }

    /// <summary>Of submissions that are about to be accepted, those that nobody could start now and that are skipped then.</summary>
    public Task<IReadOnlySet<Guid>> Away(IReadOnlyList<SubmitWork> work, CancellationToken stop) => agents.Skipped(work, stop);

    /// <summary>Accepts a submission within a unit that does more than that.</summary>
    /// <param name="away">What <see cref="Away"/> said of it.</param>
    public static async Task Accept(UnitOfWork unit, SubmitWork work, IReadOnlySet<Guid> away)
    {
        await unit.Raise(work);
        if (away.Contains(work.WorkId))
            await unit.Raise(new SkipWork(work.WorkId, work.Kind));
    }

    /// <summary>Asks for the end of the work. What has ended already stays as it is.</summary>
    /// <param name="by">Who asks, for the journal.</param>
    /// <returns>The state in which the request found it; null when it is gone.</returns>
    public async Task<string?> Cancel(Guid work, string kind, string by)
    {
        string? before = null;
        var row = kinds.RowOf(kind, work);
        await commits.Run([row], async unit =>
        {
            before = ((WorkRow?)await unit.Find(row))?.State;
            await unit.Raise(new CancelWork(work, kind, by));
        });
        return before;
    }

    /// <summary>New work that repeats what has finished.</summary>
    /// <exception cref="ProblemException">It has not finished, or is of a kind that is not repeated.</exception>
    public Task<Answer> Retry(Request by, WorkRow work, Func<WorkRow, Answer> answer, CancellationToken stop) =>
        !kinds.IsRepeatable(work.Kind) ? throw new ProblemException(NotRepeatable(work))
        : WorkStates.IsOver(work.State) ? Submit(by, [work.Again()], rows => answer(rows[0]), stop)
        : throw new ProblemException(NotFinished(work));

    /// <summary>Changes priority and labels: all of it, or nothing.</summary>
    /// <exception cref="ProblemException">It cannot be changed so.</exception>
    public async Task Change(WorkRow work, int? priority, IReadOnlyDictionary<string, string?>? labels, Caller by)
    {
        ProblemResult? refused = null;
        var row = kinds.RowOf(work.Kind, work.CorrelationId);
        await commits.Run([row], async unit =>
        {
            refused = null;
            if (await unit.Find(row) is WorkRow found)
                refused = await Change(found, priority, labels, by.Name, unit);
        });
        if (refused is not null)
            throw new ProblemException(refused);
    }

    /// <summary>Keeps work from being removed, or lets it go; in any state.</summary>
    public async Task Hold(WorkRow work, bool held)
    {
        var row = kinds.RowOf(work.Kind, work.CorrelationId);
        await commits.Run([row], async unit =>
        {
            if (await unit.Find(row) is not WorkRow found)
                return;
            found.Held = held;
            found.FactsChanged = true;
            unit.Change(found);
        });
    }

    /// <summary>Removes finished work; what belonged to it goes then, or soon after.</summary>
    /// <returns>False when it cannot go: <see cref="WorkRemoval.WhyNot"/> says why.</returns>
    public async Task<bool> Remove(WorkRow work, CancellationToken stop) =>
        await removal.RemoveSoon([work.CorrelationId], stop) > 0;

    public static ProblemResult NotFinished(WorkRow work) =>
        Problem.Conflict("not_finished", $"The {work.Family} has not finished: cancel it first, or wait for its end.");

    private static ProblemResult NotRepeatable(WorkRow work) => Problem.Conflict(
        "not_repeatable", $"A {work.Family} of the kind {work.Kind} is not repeated: what it belongs to starts another.");

    private static async Task<ProblemResult?> Change(
        WorkRow row, int? priority, IReadOnlyDictionary<string, string?>? labels, string by, UnitOfWork unit)
    {
        if (priority is not null && WorkStates.IsOver(row.State))
            return Problem.Conflict("finished", $"The {row.Family} has finished: it waits for nothing any more.");
        var relabel = labels is null ? null : row.Relabel(labels, by);
        if (relabel is not null && !row.HasRoomFor(relabel))
            return Problem.Conflict("too_many_labels", $"A {row.Family} has at most {WorkLabels.Most} labels.");
        if (relabel is not null)
            await unit.Raise(relabel);
        if (priority is { } wanted && wanted != row.Priority)
            await unit.Raise(new ReprioritiseWork(row.CorrelationId, row.Kind, wanted, by));
        return null;
    }
}
