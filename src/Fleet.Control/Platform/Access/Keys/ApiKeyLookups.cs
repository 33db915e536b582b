using System.Security.Cryptography;
using System.Threading.Channels;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>
/// Asks the database for keys, over one connection: whoever comes while a query is under way waits and goes with the
/// next. So any number of guessed keys costs one query at a time.
/// </summary>
internal sealed class ApiKeyLookups(NpgsqlDataSource database, ApiKeyUses uses) : BackgroundService
{
    private const int MostWaiting = 4096;
    private const int MostAtOnce = 500;
    private const int TimeoutSeconds = 5;

    private readonly Channel<Lookup> _waiting = Channel.CreateBounded<Lookup>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Null for keys and agents' tokens that are unknown or revoked.</summary>
    public Task<KnownKey?> Find(KeyHash hash)
    {
        var lookup = new Lookup(hash);
        return _waiting.Writer.TryWrite(lookup)
            ? lookup.Answer.Task
            : throw new ProblemException(Problem.Unavailable("overloaded", "Too many keys are being looked up."));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Lookup>();
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var lookup))
                batch.Add(lookup);
            await Answer(batch, stoppingToken);
        }
    }

    /// <summary>A failure belongs to those who asked; the next batch may succeed.</summary>
    private async Task Answer(List<Lookup> batch, CancellationToken stop)
    {
        try
        {
            var known = await Read(batch, stop);
            foreach (var lookup in batch)
                lookup.Answer.SetResult(known.GetValueOrDefault(lookup.Hash));
        }
        catch (Exception failure)
        {
            foreach (var lookup in batch)
                lookup.Answer.TrySetException(failure);
        }
    }

    private async Task<Dictionary<KeyHash, KnownKey>> Read(List<Lookup> batch, CancellationToken stop)
    {
        var hashes = batch.Select(lookup => lookup.Hash).Distinct().Select(hash => hash.ToBytes()).ToArray();
        await using var query = database.CreateCommand(
            """
            SELECT sha256, id, name, tenant, scopes, expires_at, NULL FROM api_keys
            WHERE sha256 = ANY($1) AND revoked_at IS NULL
            UNION ALL
            SELECT sha256, NULL, agent, NULL, NULL, expires_at, agent FROM agent_tokens WHERE sha256 = ANY($1)
            """,
            SqlValue.Of(hashes));
        query.CommandTimeout = TimeoutSeconds;

        var known = new Dictionary<KeyHash, KnownKey>();
        await using var rows = await query.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
        {
            var sha256 = rows.GetFieldValue<byte[]>(0);
            if (!hashes.Any(hash => CryptographicOperations.FixedTimeEquals(hash, sha256)))
                continue;
            var caller = rows.IsDBNull(6) ? OwnerOfKey(rows) : Agent(rows.GetString(6));
            known[KeyHash.FromBytes(sha256)] =
                new KnownKey(caller, rows.IsDBNull(5) ? null : rows.GetFieldValue<DateTimeOffset>(5));
        }

        return known;
    }

    private Caller OwnerOfKey(NpgsqlDataReader key)
    {
        uses.Note(key.GetGuid(1));
        return new Caller(
            key.GetGuid(1), key.GetString(2), key.GetString(3), ScopeNames.Union(key.GetFieldValue<string[]>(4)));
    }

    /// <summary>Agents work for every tenant, and have no scope: only routes that are open to agents know them.</summary>
    private static Caller Agent(string name) => new(Guid.Empty, name, Tenants.Default, Scope.None, name);

    private sealed record Lookup(KeyHash Hash)
    {
        public TaskCompletionSource<KnownKey?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
