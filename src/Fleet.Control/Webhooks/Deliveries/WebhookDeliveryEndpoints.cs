using System.Globalization;
using System.Text;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// Routes for the log of deliveries: those of one endpoint, and all of a tenant, which hold those to URLs that jobs name.
/// </summary>
internal static class WebhookDeliveryEndpoints
{
    public static void MapWebhookDeliveries(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/webhook-deliveries").WithTags("Webhooks").RequireScope(Scope.WebhooksRead);
        all.MapGet("/", List).Takes("endpoint_id", "about", "state").Produces<PageOf<WebhookDeliveryView>>();
        all.MapGet("/{deliveryId}", Show).Produces<WebhookDeliveryView>();
        routes.MapPost("/v1/webhook-deliveries/{deliveryId}/replay", Replay).AuditedAs("delivery.replay")
            .WithTags("Webhooks").RequireScope(Scope.WebhooksManage).Produces<WebhookDeliveryView>(202);

        var of = routes.MapGroup("/v1/webhook-endpoints/{endpointId}/deliveries").WithTags("Webhooks");
        of.MapGet("/", ListOfOne).Takes("about", "state").RequireScope(Scope.WebhooksRead).Produces<PageOf<WebhookDeliveryView>>();
        of.MapPost("/{deliveryId}/replay", ReplayOfOne).AuditedAs("delivery.replay")
            .RequireScope(Scope.WebhooksManage).Produces<WebhookDeliveryView>(202);
    }

    private static async Task<PageOf<WebhookDeliveryView>> List(
        HttpRequest request, Page page, Caller caller, DeliveryStore store, CancellationToken stop) =>
        Cut(page, await store.List(page, caller, DeliveryQuery.Of(request.Query, endpoint: null), stop));

    private static async Task<IResult> ListOfOne(
        string endpointId, HttpRequest request, Page page, Caller caller, WebhookStore endpoints, DeliveryStore store,
        CancellationToken stop) =>
        await endpoints.Find(endpointId, caller, stop) is { } endpoint
            ? TypedResults.Ok(Cut(page, await store.List(page, caller, DeliveryQuery.Of(request.Query, endpoint.Id), stop)))
            : Problem.NotFound("endpoint");

    private static async Task<IResult> Show(
        string deliveryId, Caller caller, DeliveryStore store, WebhookBody bodies, CancellationToken stop) =>
        await store.Find(deliveryId, caller, stop) is { } delivery
            ? TypedResults.Ok(WebhookDeliveryView.Of(delivery, Encoding.UTF8.GetString(await bodies.Of(delivery, stop))))
            : Problem.NotFound("delivery");

    private static Task<IResult> Replay(
        string deliveryId, Caller caller, DeliveryStore store, CancellationToken stop) =>
        ReplayIf(deliveryId, _ => true, caller, store, stop);

    private static Task<IResult> ReplayOfOne(
        string endpointId, string deliveryId, Caller caller, DeliveryStore store, CancellationToken stop) =>
        ReplayIf(
            deliveryId,
            delivery => WireId.TryParse(endpointId, out var id) && delivery.EndpointId == id && id != Guid.Empty,
            caller, store, stop);

    private static async Task<IResult> ReplayIf(
        string deliveryId, Func<WebhookDelivery, bool> isMeant, Caller caller, DeliveryStore store, CancellationToken stop)
    {
        if (await store.Find(deliveryId, caller, stop) is not { } delivery || !isMeant(delivery))
            return Problem.NotFound("delivery");
        await store.Replay(delivery.Id, stop);
        delivery = await store.Find(deliveryId, caller, stop) ?? delivery;
        return TypedResults.Accepted($"/v1/webhook-deliveries/{deliveryId}", WebhookDeliveryView.Of(delivery, body: null));
    }

    private static PageOf<WebhookDeliveryView> Cut(Page page, List<WebhookDelivery> rows) => page.Cut(
        rows,
        delivery => delivery.Position.ToString(CultureInfo.InvariantCulture),
        delivery => WebhookDeliveryView.Of(delivery, body: null));
}
