using System.Buffers.Binary;
using System.Collections.Concurrent;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>
/// Finds API keys by the first 16 bytes of their hash: as much as clients of the binary socket send. Which hash has such a beginning
/// is remembered; whether it still opens anything is asked of <see cref="ApiKeyCache"/> each time.
/// </summary>
internal sealed class KeyHeads(NpgsqlDataSource database, ApiKeyCache keys, TimeProvider clock) : IDisposable
{
    /// <summary>How long nobody asks again about a beginning that opened nothing.</summary>
    private static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(2);

    private const int MostRemembered = 10_000;
    private const int LookupsAtOnce = 2;

    private readonly ConcurrentDictionary<UInt128, KeyHash> _hashes = new();
    private readonly ConcurrentDictionary<UInt128, long> _unknown = new();
    private readonly SemaphoreSlim _room = new(LookupsAtOnce); // guesses wait for each other, and not everybody for them

    public static UInt128 Read(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadUInt128BigEndian(head);

    /// <summary>Null for every key that opens nothing.</summary>
    public async ValueTask<Caller?> Find(UInt128 head, CancellationToken stop)
    {
        if (!_hashes.TryGetValue(head, out var hash))
        {
            if (_unknown.TryGetValue(head, out var since) && clock.GetElapsedTime(since) < UnknownFor)
                return null;
            if (await Look(head, stop) is not { } found)
            {
                if (_unknown.Count >= MostRemembered)
                    _unknown.Clear();
                _unknown[head] = clock.GetTimestamp();
                return null;
            }

            _unknown.TryRemove(head, out _);
            if (_hashes.Count >= MostRemembered)
                _hashes.Clear();
            _hashes[head] = hash = found;
        }

        return await keys.Find(hash, stop) is { Agent: null } caller ? caller : null;
    }

    public void Dispose() => _room.Dispose();

    private async Task<KeyHash?> Look(UInt128 head, CancellationToken stop)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, head);
        await _room.WaitAsync(stop);
        try
        {
            return await database.Scalar(
                "select sha256 from api_keys where substring(sha256 from 1 for 16) = $1 and revoked_at is null limit 1",
                stop, SqlValue.Of(bytes)) is byte[] hash ? KeyHash.FromBytes(hash) : null;
        }
        finally
        {
            _room.Release();
        }
    }
}
