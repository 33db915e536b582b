using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Idempotency;

/// <summary>
/// Does work once for each <c>Idempotency-Key</c>: the answer is stored in the transaction of the work, and given
/// again to whoever repeats the request. The same key with another request is refused.
/// </summary>
internal sealed class IdempotentWork(GroupCommit commits, IDbContextFactory<FleetDbContext> contexts)
{
    /// <param name="work">What is to happen, and the answer that tells of it. It may run more than once.</param>
    /// <exception cref="ProblemException">The key was used for another request.</exception>
    public Task<Answer> Run(
        Request by, IReadOnlyCollection<RowRef> rows, Func<UnitOfWork, Task<Answer>> work, CancellationToken stop = default) =>
        Run(by, rows, [.. rows.Select(row => row.Id)], work, stop);

    /// <param name="about">What the audit names, where that is less than all rows.</param>
    /// <exception cref="ProblemException">The key was used for another request.</exception>
    public async Task<Answer> Run(
        Request by, IReadOnlyCollection<RowRef> rows, IReadOnlyCollection<Guid> about, Func<UnitOfWork, Task<Answer>> work,
        CancellationToken stop)
    {
        if (by.Once is not { } asked)
        {
            Answer? answer = null;
            await commits.Run(rows, async unit =>
            {
                answer = await work(unit);
                by.Audit?.Join(unit, answer.Status, about);
            }, stop: stop);
            by.Audit?.Committed();
            return answer!;
        }

        var once = new Once(asked);
        if (await Find(asked, stop) is { } known)
            return asked.Replay(known);
        await commits.Run(rows, async unit =>
        {
            await once.Apply(unit, work);
            if (!once.IsRepetition)
                by.Audit?.Join(unit, once.Given!.Status, about);
        }, stop: stop);
        if (once.IsRepetition)
            return asked.Replay(once.Stored!);
        by.Audit?.Committed();
        return once.Given!;
    }

    /// <summary>
    /// What the same request was answered before; null when it is new, or has no key. For those who look at a request first in
    /// ways whose outcome changes with time.
    /// </summary>
    /// <exception cref="ProblemException">The key was used for another request.</exception>
    public async Task<Answer?> Known(Request by, CancellationToken stop) =>
        by.Once is { } asked && await Find(asked, stop) is { } known ? asked.Replay(known) : null;

    private async Task<IdempotentAnswer?> Find(IdempotentRequest asked, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await asked.Find(db);
    }

    /// <summary>One request's way through a commit, which may be tried again.</summary>
    private sealed record Once(IdempotentRequest Asked)
    {
        public Answer? Given { get; private set; }

        public IdempotentAnswer? Stored { get; private set; }

        /// <summary>Whether a neighbour in the same commit, or another process, did the work.</summary>
        public bool IsRepetition { get; private set; }

        private bool WasTried { get; set; }

        public async Task Apply(UnitOfWork unit, Func<UnitOfWork, Task<Answer>> work)
        {
            // a commit that is repeated may have met another process that was first
            if (WasTried && await Asked.Find(unit.Db) is { } first)
            {
                Stored = first;
                IsRepetition = true;
                return;
            }

            WasTried = true;
            var mine = false;
            Stored = unit.Claim((Asked.Owner, Asked.Key), () =>
            {
                mine = true;
                return new IdempotentAnswer
                {
                    Owner = Asked.Owner,
                    Key = Asked.Key,
                    Request = Asked.Fingerprint,
                    At = unit.Now,
                };
            });
            IsRepetition = !mine;
            if (!mine)
                return;
            Given = await work(unit);
            Stored.Status = Given.Status;
            Stored.Location = Given.Location;
            Stored.Body = Given.Kept;
            unit.Db.Add(Stored);
        }
    }
}
