using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Webhooks.Deliveries;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Webhooks;

/// <summary>
/// The endpoints in the database, as far as a caller may see them. A change has returned when every process goes by it.
/// </summary>
internal sealed class WebhookStore(
    IDbContextFactory<FleetDbContext> contexts, Subscriptions subscriptions, WebhookSettings settings, DatabaseClock clock)
{
    private const int MostOfOneTenant = 100;

    /// <summary>Everybody goes by it once it is committed and <see cref="Settle"/> has returned.</summary>
    /// <exception cref="ProblemException">The tenant has as many as it may have.</exception>
    public async Task<WebhookEndpoint> Add(
        FleetDbContext db, CreateWebhookEndpoint wanted, Caller caller, CancellationToken stop)
    {
        var endpoint = new WebhookEndpoint
        {
            Id = WireId.New(),
            Tenant = caller.Tenant,
            Url = wanted.Url,
            EventTypes = [.. wanted.EventTypes.OfType<string>().Distinct()],
            Description = wanted.Description ?? "",
            Enabled = wanted.Enabled,
            Secret = WebhookSecret.New(),
            CreatedAt = clock.Now,
            UpdatedAt = clock.Now,
        };
        if (await db.Set<WebhookEndpoint>().CountAsync(row => row.Tenant == caller.Tenant, stop) >= MostOfOneTenant)
        {
            throw new ProblemException(Problem.Conflict(
                "too_many_endpoints", "The tenant has as many endpoints as it may have; delete one first."));
        }

        db.Add(endpoint);
        await db.SaveChangesAsync(stop);
        return endpoint;
    }

    public Task Settle(CancellationToken stop) => subscriptions.Settle(stop);

    /// <summary>Newest first; one more than the page holds.</summary>
    public async Task<List<WebhookEndpoint>> List(Page page, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var after = page.AfterId;
        return await db.Set<WebhookEndpoint>().AsNoTracking().SeenBy(caller)
            .Where(endpoint => after == null || endpoint.Id < after)
            .OrderByDescending(endpoint => endpoint.Id).Take(page.Limit + 1).ToListAsync(stop);
    }

    public async Task<WebhookEndpoint?> Find(string id, Caller caller, CancellationToken stop)
    {
        if (!WireId.TryParse(id, out var endpointId))
            return null;
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<WebhookEndpoint>().AsNoTracking().SeenBy(caller)
            .SingleOrDefaultAsync(endpoint => endpoint.Id == endpointId, stop);
    }

    public async Task<WebhookEndpoint> Change(WebhookEndpoint endpoint, ChangeWebhookEndpoint wanted, CancellationToken stop)
    {
        string[]? types = wanted.EventTypes is null ? null : [.. wanted.EventTypes.OfType<string>().Distinct()];
        await Update(endpoint.Id, row =>
        {
            row.Url = wanted.Url ?? row.Url;
            row.EventTypes = types ?? row.EventTypes;
            row.Description = wanted.Description ?? row.Description;
            row.Enabled = wanted.Enabled ?? row.Enabled;
            row.DisabledReason = wanted.Enabled is null ? row.DisabledReason : null;
            endpoint = row;
        }, stop);
        if (wanted.Enabled is not null || types is not null)
            await subscriptions.Settle(stop);
        return endpoint;
    }

    /// <summary>A new secret; the former one signs as well for the overlap.</summary>
    public Task<WebhookEndpoint> Rotate(FleetDbContext db, Guid id, CancellationToken stop) => Update(db, id, row =>
    {
        row.FormerSecret = row.Secret;
        row.FormerSecretUntil = clock.Now + TimeSpan.FromSeconds(settings.SecretOverlapSeconds);
        row.Secret = WebhookSecret.New();
    }, stop);

    /// <summary>With all that was, or is, owed to it.</summary>
    public async Task Delete(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        await db.Set<WebhookEndpoint>().Where(row => row.Id == id).ExecuteDeleteAsync(stop);
        await db.Set<DeliveryQueue>().Where(row => row.EndpointId == id).ExecuteDeleteAsync(stop);
        await db.Set<WebhookDelivery>().Where(row => row.EndpointId == id).ExecuteDeleteAsync(stop);
        await transaction.CommitAsync(stop);
    }

    private async Task Update(Guid id, Action<WebhookEndpoint> change, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        await Update(db, id, change, stop);
        await transaction.CommitAsync(stop);
    }

    private async Task<WebhookEndpoint> Update(
        FleetDbContext db, Guid id, Action<WebhookEndpoint> change, CancellationToken stop)
    {
        var row = await db.Set<WebhookEndpoint>()
            .FromSql($"select * from webhook_endpoints where id = {id} for update").SingleOrDefaultAsync(stop)
            ?? throw new ProblemException(Problem.NotFound("endpoint"));
        change(row);
        row.UpdatedAt = clock.Now;
        await db.SaveChangesAsync(stop);
        return row;
    }
}
