using System.Security.Cryptography;
using System.Text.Json;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// By which keys a piece of work is limited, and with whom it shares slots. Keys are ids of one size, so that an entry
/// of an index holds several, whatever clients called them.
/// </summary>
/// <param name="Share">Slots are shared out evenly between these.</param>
/// <param name="Concurrency">It starts only while fewer than <paramref name="Limit"/> of this key hold slots; with a limit of 0
/// only while none does, and none starts beside it.</param>
/// <param name="Sequence">It starts only while nothing of this key holds a slot, and as the oldest of the key.</param>
/// <param name="Rate">It starts only while few enough of its key have started lately.</param>
internal readonly record struct WorkKeys(
    Guid Share, Guid? Concurrency = null, int Limit = 0, Guid? Sequence = null, RateTerms? Rate = null)
{
    /// <summary>Whether nothing of its concurrency key runs beside it, whatever limits the others have.</summary>
    public bool IsAlone => Concurrency is not null && Limit == 0;

    public bool AreLimited => Concurrency is not null || Sequence is not null || Rate is not null;

    /// <summary>The first 16 bytes of the SHA-256 of the parts as JSON.</summary>
    public static Guid IdOf(string what, string owner, string? key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes((string?[])[what, owner, key]), hash);
        return new Guid(hash[..16]);
    }

    /// <summary>Null where there is no key.</summary>
    public static Guid? IdOfAny(string what, string owner, string? key) => key is null ? null : IdOf(what, owner, key);
}
