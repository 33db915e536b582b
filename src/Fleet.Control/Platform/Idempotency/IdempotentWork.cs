using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
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
    private const int MostKey = 255;

    /// <param name="work">What is to happen, and the answer that tells of it. It may run more than once.</param>
    public async Task<IResult> Run(
        HttpRequest request,
        Caller caller,
        ReadOnlyMemory<byte> body,
        IReadOnlyCollection<Touch> touches,
        Func<Unit, Task<Answer>> work)
    {
        var audit = AuditNote.Of(request.HttpContext);
        if (!request.Headers.TryGetValue("Idempotency-Key", out var header))
        {
            Answer? answer = null;
            await commits.Run(touches, async unit =>
            {
                answer = await work(unit);
                audit?.Join(unit, answer.Status, touches.Select(touch => touch.Id));
            });
            audit?.Committed();
            return answer!;
        }

        var key = header.ToString();
        if (key.Length is 0 or > MostKey || key.Any(char.IsControl))
            return Problem.Invalid("Idempotency-Key", $"Use 1 to {MostKey} printable characters.");
        var once = new Once(caller.KeyId, key, Fingerprint(request, body.Span));
        if (await Find(once) is { } known)
            return Replay(known, once);
        await commits.Run(touches, async unit =>
        {
            await once.Apply(unit, work);
            if (!once.IsRepetition)
                audit?.Join(unit, once.Given!.Status, touches.Select(touch => touch.Id));
        });
        if (once.IsRepetition)
            return Replay(once.Stored!, once);
        audit?.Committed();
        return once.Given!;
    }

    private async Task<IdempotentAnswer?> Find(Once once)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await once.Find(db);
    }

    private static IResult Replay(IdempotentAnswer stored, Once once) =>
        CryptographicOperations.FixedTimeEquals(stored.Request, once.Request)
            ? new Answer(stored.Status, stored.Body, stored.Location, IsReplay: true)
            : new ProblemResult(
                422, "idempotency_key_reused", "This Idempotency-Key was used with another request before.");

    private static byte[] Fingerprint(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    /// <summary>One request's way through a commit, which may be tried again.</summary>
    private sealed record Once(Guid Owner, string Key, byte[] Request)
    {
        public Answer? Given { get; private set; }

        public IdempotentAnswer? Stored { get; private set; }

        /// <summary>Whether a neighbour in the same commit, or another process, did the work.</summary>
        public bool IsRepetition { get; private set; }

        private bool WasTried { get; set; }

        public Task<IdempotentAnswer?> Find(FleetDbContext db) => db.Set<IdempotentAnswer>().AsNoTracking()
            .SingleOrDefaultAsync(answer => answer.Owner == Owner && answer.Key == Key);

        public async Task Apply(Unit unit, Func<Unit, Task<Answer>> work)
        {
            // a commit that is repeated may have met another process that was first
            if (WasTried && await Find(unit.Db) is { } first)
            {
                Stored = first;
                IsRepetition = true;
                return;
            }

            WasTried = true;
            var mine = false;
            Stored = unit.Claim((Owner, Key), () =>
            {
                mine = true;
                return new IdempotentAnswer { Owner = Owner, Key = Key, Request = Request, At = unit.Now };
            });
            IsRepetition = !mine;
            if (!mine)
                return;
            Given = await work(unit);
            Stored.Status = Given.Status;
            Stored.Location = Given.Location;
            Stored.Body = Given.Json;
            unit.Db.Add(Stored);
        }
    }
}
