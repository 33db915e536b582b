using System.Globalization;
using System.Text.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>The log of deliveries, and what makes something owed again.</summary>
internal sealed class DeliveryStore(
    IDbContextFactory<FleetDbContext> contexts, NpgsqlDataSource database, WebhookSignal signal, DatabaseClock clock)
{
    private const int MostAgain = 1000;

    /// <summary>Newest first; one more than the page holds.</summary>
    public async Task<List<WebhookDelivery>> List(Page page, Caller caller, DeliveryQuery query, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var rows = db.Set<WebhookDelivery>().AsNoTracking().SeenBy(caller);
        if (query.Endpoint is { } endpoint)
            rows = rows.Where(row => row.EndpointId == endpoint);
        if (query.About is { } about)
            rows = rows.Where(row => row.About == about);
        if (query.State is { } state)
            rows = rows.Where(row => row.State == state);
        if (page.After is { } after)
        {
            var position = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Page.WrongCursor();
            rows = rows.Where(row => row.Position < position);
        }

        return await rows.OrderByDescending(row => row.Position).Take(page.Limit + 1).ToListAsync(stop);
    }

    public async Task<WebhookDelivery?> Find(string id, Caller caller, CancellationToken stop)
    {
        if (!WireId.TryParse(id, out var deliveryId))
            return null;
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<WebhookDelivery>().AsNoTracking().SeenBy(caller)
            .SingleOrDefaultAsync(row => row.Id == deliveryId, stop);
    }

    /// <summary>One that waits already goes on waiting.</summary>
    public Task Replay(Guid id, CancellationToken stop) => Again("id = $1", stop, SqlValue.Of(id));

    /// <summary>How many are owed again.</summary>
    public async Task<int> Replay(Guid endpoint, ReplayDeliveries wanted, CancellationToken stop)
    {
        var which = wanted.DeliveredToo
            ? "endpoint_id = $1 and occurred_at >= $2 and owed_at < $3"
            : "endpoint_id = $1 and occurred_at >= $2 and owed_at < $3 and state = 'dead'";
        var (all, some) = (0, 0);
        var now = clock.Now; // what fails again meanwhile is not taken twice
        do
        {
            some = await Again(which, stop, SqlValue.Of(endpoint), SqlValue.Of(wanted.Since), SqlValue.Of(now));
            all += some;
        }
        while (some == MostAgain);
        return all;
    }

    /// <summary>An event that means nothing, for this endpoint alone.</summary>
    public async Task<WebhookDelivery> Test(WebhookEndpoint endpoint, CancellationToken stop)
    {
        var now = clock.Now;
        var test = new WebhookDelivery
        {
            Id = WireId.New(),
            EventId = WireId.New(),
            Tenant = endpoint.Tenant,
            EndpointId = endpoint.Id,
            About = WireId.New(),
            Type = "webhook.test",
            OccurredAt = now,
            OwedAt = now,
            Data = JsonSerializer.Serialize(new { EndpointId = WireId.Format(endpoint.Id) }, FleetJson.Options),
            State = DeliverySql.Waiting,
        };
        await using var db = await contexts.CreateDbContextAsync(stop);
        db.Add(test);
        db.Add(new DeliveryQueue
        {
            EndpointId = endpoint.Id,
            About = test.About,
            Target = $"endpoint:{endpoint.Id}",
            Owed = 1,
            DueAt = now,
        });
        await db.SaveChangesAsync(stop);
        signal.Set();
        return test;
    }

    private async Task<int> Again(string which, CancellationToken stop, params NpgsqlParameter[] values)
    {
        var count = await database.Execute(DeliverySql.Again(which, MostAgain), stop, values);
        signal.Set();
        return count;
    }
}

/// <summary>Which deliveries are asked for; null means any.</summary>
internal sealed record DeliveryQuery(Guid? Endpoint, Guid? About, string? State)
{
    private static readonly string[] States = [DeliverySql.Waiting, DeliverySql.Delivered, DeliverySql.Dead];

    public static DeliveryQuery Of(IQueryCollection query, Guid? endpoint) =>
        new(endpoint ?? Id(query, "endpoint_id"), Id(query, "about"), StateOf(query));

    private static Guid? Id(IQueryCollection query, string field) =>
        !query.TryGetValue(field, out var text) ? null
        : WireId.TryParse(text.ToString(), out var id) ? id
        : throw new ProblemException(Problem.Invalid(field, "This must be an id of 26 characters."));

    private static string? StateOf(IQueryCollection query) =>
        !query.TryGetValue("state", out var text) ? null
        : States.Contains(text.ToString()) ? text.ToString()
        : throw new ProblemException(Problem.Invalid("state", $"This must be one of: {string.Join(", ", States)}."));
}
