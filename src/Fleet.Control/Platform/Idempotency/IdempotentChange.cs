using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Idempotency;

/// <summary>
/// As <see cref="IdempotentWork"/>, for changes that need no lifecycle: each is a transaction of its own. Who repeats a
/// request that is under way waits for its end.
/// </summary>
internal sealed class IdempotentChange(IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock)
{
    /// <param name="work">Changes what it likes within the context's transaction. What it throws undoes all.</param>
    public async Task<IResult> Run(
        HttpRequest request,
        Caller caller,
        ReadOnlyMemory<byte> body,
        Func<FleetDbContext, Task<Answer>> work,
        CancellationToken stop)
    {
        var once = IdempotentRequest.Of(request, caller, body.Span);
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        if (once is not null && !await Claim(db, once, stop) && await once.Find(db) is { } known)
            return once.Replay(known);
        var answer = await work(db);
        if (once is not null)
            await Keep(db, once, answer, stop);
        await transaction.CommitAsync(stop);
        return answer;
    }

    /// <summary>False when somebody was first, and has committed.</summary>
    private async Task<bool> Claim(FleetDbContext db, IdempotentRequest once, CancellationToken stop) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into idempotent_answers (owner, key, request, status, body, at)
            values ({once.Owner}, {once.Key}, {once.Fingerprint}, 0, '', {clock.Now}) on conflict do nothing
            """,
            stop) == 1;

    private static Task<int> Keep(FleetDbContext db, IdempotentRequest once, Answer answer, CancellationToken stop) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update idempotent_answers set status = {answer.Status}, location = {answer.Location}, body = {answer.Kept}
            where owner = {once.Owner} and key = {once.Key}
            """,
            stop);
}
