using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Backups.Alerts;

/// <summary>Alerts over HTTP. They are raised and resolved by what happens; people acknowledge them.</summary>
internal static class AlertEndpoints
{
    private static readonly string[] States = [Alert.Open, Alert.Acknowledged, Alert.Resolved];

    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        var alerts = routes.MapGroup("/v1/alerts").WithTags("Alerts").RequireScope(Scope.BackupsRead);
        alerts.MapGet("/", List).Produces<PageOf<AlertView>>();
        alerts.MapGet("/{id}", Show).Produces<AlertView>();
        routes.MapPost("/v1/alerts/{id}/acknowledgement", Acknowledge).AuditedAs("alert.acknowledge").WithTags("Alerts")
            .RequireScope(Scope.BackupsManage).Produces<AlertView>();
    }

    /// <summary>Newest first.</summary>
    private static async Task<IResult> List(
        string? state, string? kind, Page page, Caller caller, IDbContextFactory<FleetDbContext> contexts, CancellationToken stop)
    {
        var states = state?.Split(',') ?? States;
        if (states.Except(States).Any())
            return Problem.Invalid("state", $"This is one or more of {string.Join(' ', States)}, with commas.");
        if (kind is not null && !AlertKinds.All.Contains(kind))
            return Problem.Invalid("kind", $"This is one of {string.Join(' ', AlertKinds.All)}.");
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<Alert>().AsNoTracking()
            .Where(alert => alert.Tenant == caller.Tenant && states.Contains(alert.State) && (kind == null || alert.Kind == kind));
        if (page.AfterId is { } after)
            found = found.Where(alert => alert.Id < after);
        var rows = await found.OrderByDescending(alert => alert.Id).Take(page.Limit + 1).ToListAsync(stop);
        return Results.Json(page.Cut(rows, row => row.Id, AlertView.Of));
    }

    private static async Task<IResult> Show(
        string id, Caller caller, IDbContextFactory<FleetDbContext> contexts, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await Find(db, id, caller, stop) is { } alert ? Results.Json(AlertView.Of(alert)) : Problem.NotFound("alert");
    }

    /// <summary>Somebody sees to it. Again changes nothing; what has resolved stays so.</summary>
    private static async Task<IResult> Acknowledge(
        string id, Caller caller, IDbContextFactory<FleetDbContext> contexts, DomainEventWriters events, DatabaseClock clock,
        CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var all = await db.Database.BeginTransactionAsync(stop);
        if (await Find(db, id, caller, stop) is not { } alert)
            return Problem.NotFound("alert");
        var changed = await db.Set<Alert>().Where(one => one.Id == alert.Id && one.State == Alert.Open).ExecuteUpdateAsync(
            set => set.SetProperty(one => one.State, Alert.Acknowledged).SetProperty(one => one.AcknowledgedAt, clock.Now)
                .SetProperty(one => one.AcknowledgedBy, caller.Name).SetProperty(one => one.ChangedAt, clock.Now),
            stop);
        alert = (await Find(db, id, caller, stop))!;
        var tell = changed == 0 ? null : await events.Owe(db, [AlertEvents.Of(alert, AlertEvents.Acknowledged, clock.Now)], stop);
        await all.CommitAsync(stop);
        tell?.Invoke();
        return Results.Json(AlertView.Of(alert));
    }

    private static async Task<Alert?> Find(FleetDbContext db, string wireId, Caller caller, CancellationToken stop) =>
        WireId.TryParse(wireId, out var id)
            ? await db.Set<Alert>().AsNoTracking().SingleOrDefaultAsync(alert => alert.Id == id && alert.Tenant == caller.Tenant, stop)
            : null;
}
