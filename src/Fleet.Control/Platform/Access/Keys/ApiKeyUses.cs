using System.Collections.Concurrent;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>Remembers which keys were used, and writes it down now and then, away from the requests.</summary>
internal sealed class ApiKeyUses(NpgsqlDataSource database, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _uses = new();

    public void Note(Guid keyId) => _uses[keyId] = clock.GetUtcNow();

    /// <summary>Uses that cannot be written now are written the next time.</summary>
    public async Task Write(CancellationToken stop)
    {
        var uses = _uses.ToArray();
        if (uses.Length == 0)
            return;
        await database.Execute(
            """
            UPDATE api_keys SET last_used_at = GREATEST(last_used_at, used.at)
            FROM unnest($1, $2) AS used(id, at) WHERE api_keys.id = used.id
            """,
            stop,
            SqlValue.Column(uses.Select(use => use.Key)), SqlValue.Column(uses.Select(use => use.Value.UtcDateTime)));
        foreach (var use in uses)
            _uses.TryRemove(use); // unless it was used again meanwhile
    }
}
