using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Idempotency;

/// <summary>A request that may be repeated, as its <c>Idempotency-Key</c> names it.</summary>
/// <param name="Owner">The API key that asks.</param>
/// <param name="Fingerprint">SHA-256 of method, path, query and body.</param>
internal sealed record IdempotentRequest(Guid Owner, string Key, byte[] Fingerprint)
{
    private const int MostKey = 255;

    /// <summary>Null where the request names no key.</summary>
    /// <exception cref="ProblemException">The key is unusable.</exception>
    public static IdempotentRequest? Of(HttpRequest request, Caller caller, ReadOnlySpan<byte> body)
    {
        if (!request.Headers.TryGetValue("Idempotency-Key", out var header))
            return null;
        var key = header.ToString();
        if (key.Length is 0 or > MostKey || key.Any(char.IsControl))
            throw new ProblemException(Problem.Invalid("Idempotency-Key", $"Use 1 to {MostKey} printable characters."));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // routes take a slash at the end as nothing
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path.Value!.TrimEnd('/')}{request.QueryString}\n"));
        hash.AppendData(body);
        return new IdempotentRequest(caller.KeyId, key, hash.GetHashAndReset());
    }

    public Task<IdempotentAnswer?> Find(FleetDbContext db) => db.Set<IdempotentAnswer>().AsNoTracking()
        .SingleOrDefaultAsync(answer => answer.Owner == Owner && answer.Key == Key);

    /// <summary>The stored answer.</summary>
    /// <exception cref="ProblemException">It was given to another request.</exception>
    public Answer Replay(IdempotentAnswer stored) =>
        CryptographicOperations.FixedTimeEquals(stored.Request, Fingerprint)
            ? new Answer(stored.Status, stored.Body, stored.Location, IsReplay: true)
            : throw new ProblemException(new ProblemResult(
                422, "idempotency_key_reused", "This Idempotency-Key was used with another request before."));
}
