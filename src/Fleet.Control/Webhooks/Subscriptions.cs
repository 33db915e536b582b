using System.Collections.Frozen;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Webhooks;

/// <summary>
/// Which types somebody in which tenant subscribed to, so that a commit about which nobody is told costs nothing. Only a
/// recent no is believed; whatever is unknown is left to the database.
/// </summary>
internal sealed class Subscriptions(
    NpgsqlDataSource database, WebhookSettings settings, TimeProvider clock, ILogger<Subscriptions> logger)
{
    private FrozenSet<(string Tenant, string Type)> _known = [];
    private long _readAt;
    private int _reading;

    /// <summary>False only when nobody does, or somebody began to less than the cache's time ago.</summary>
    public bool MayHave(string tenant, string type)
    {
        var readAt = Volatile.Read(ref _readAt);
        if (readAt == 0 || clock.GetElapsedTime(readAt) > TimeSpan.FromSeconds(settings.CacheSeconds))
        {
            if (Interlocked.Exchange(ref _reading, 1) == 0)
                Task.Run(Read);
            return true;
        }

        return _known.Contains((tenant, type)) || _known.Contains((tenant, FamilyOf(type)));
    }

    /// <summary>After this, whatever was changed before is known to every process.</summary>
    public Task Settle(CancellationToken stop) => Task.Delay(TimeSpan.FromSeconds(settings.CacheSeconds), clock, stop);

    /// <summary><c>job.*</c> for <c>job.failed</c>.</summary>
    private static string FamilyOf(string type) => $"{type.AsSpan(0, type.IndexOf('.', StringComparison.Ordinal))}.*";

    private async Task Read()
    {
        try
        {
            var asked = clock.GetTimestamp();
            var known = await database.Query(
                "select distinct tenant, unnest(event_types) from webhook_endpoints where enabled",
                row => (row.GetString(0), row.GetString(1)), CancellationToken.None);
            _known = known.ToFrozenSet();
            Volatile.Write(ref _readAt, asked);
        }
        catch (Exception failure) when (DatabaseFailure.IsPassing(failure))
        {
            WebhookLog.SubscriptionsNotRead(logger, failure.Message);
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
