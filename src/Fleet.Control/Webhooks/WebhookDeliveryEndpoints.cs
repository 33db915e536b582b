using System.Globalization;
using System.Text;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Webhooks;

/// <summary>
/// Routes for the log of deliveries: those of one endpoint, and all of a tenant, which hold those to URLs that jobs name.
/// </summary>
internal static class WebhookDeliveryEndpoints
{
    public static void MapWebhookDeliveries(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/webhook-deliveries").WithTags("Webhooks").RequireScope(Scope.WebhooksRead);
        all.MapGet("/", List).Produces<PageOf<WebhookDeliveryView>>();
        all.MapGet("/{deliveryId}", Show).Produces<WebhookDeliveryView>();
        routes.MapPost("/v1/webhook-deliveries/{deliveryId}/replay", Replay).AuditedAs("delivery.replay")
            .WithTags("Webhooks").RequireScope(Scope.WebhooksManage).Produces<WebhookDeliveryView>(202);

        var of = routes.MapGroup("/v1/webhook-endpoints/{endpointId}/deliveries").WithTags("Webhooks");
        of.MapGet("/", ListOfOne).RequireScope(Scope.WebhooksRead).Produces<PageOf<WebhookDeliveryView>>();
        of.MapPost("/{deliveryId}/replay", ReplayOfOne).AuditedAs("delivery.replay")
            .RequireScope(Scope.WebhooksManage).Produces<WebhookDeliveryView>(202);
    }

    private static async Task<PageOf<WebhookDeliveryView>> List(
        HttpRequest request, Page page, Caller caller, DeliveryShelf shelf, CancellationToken stop) =>
        Cut(page, await shelf.List(page, caller, DeliveryQuery.Of(request.Query, endpoint: null), stop));

    private static async Task<IResult> ListOfOne(
        string endpointId, HttpRequest request, Page page, Caller caller, WebhookShelf endpoints, DeliveryShelf shelf,
        CancellationToken stop) =>
        await endpoints.Find(endpointId, caller, stop) is { } endpoint
            ? TypedResults.Ok(Cut(page, await shelf.List(page, caller, DeliveryQuery.Of(request.Query, endpoint.Id), stop)))
            : Problem.NotFound("endpoint");

    private static async Task<IResult> Show(
        string deliveryId, Caller caller, DeliveryShelf shelf, WebhookBody bodies, CancellationToken stop) =>
        await shelf.Find(deliveryId, caller, stop) is { } delivery
            ? TypedResults.Ok(WebhookDeliveryView.Of(delivery, Encoding.UTF8.GetString(await bodies.Of(delivery, stop))))
            : Problem.NotFound("delivery");

    private static Task<IResult> Replay(
        string deliveryId, Caller caller, DeliveryShelf shelf, CancellationToken stop) =>
        ReplayIf(deliveryId, _ => true, caller, shelf, stop);

    private static Task<IResult> ReplayOfOne(
        string endpointId, string deliveryId, Caller caller, DeliveryShelf shelf, CancellationToken stop) =>
        ReplayIf(
            deliveryId,
            delivery => WireId.TryParse(endpointId, out var id) && delivery.EndpointId == id && id != Guid.Empty,
            caller, shelf, stop);

    private static async Task<IResult> ReplayIf(
        string deliveryId, Func<WebhookDelivery, bool> isMeant, Caller caller, DeliveryShelf shelf, CancellationToken stop)
    {
        if (await shelf.Find(deliveryId, caller, stop) is not { } delivery || !isMeant(delivery))
            return Problem.NotFound("delivery");
        await shelf.Replay(delivery.Id, stop);
        delivery = await shelf.Find(deliveryId, caller, stop) ?? delivery;
        return TypedResults.Accepted($"/v1/webhook-deliveries/{deliveryId}", WebhookDeliveryView.Of(delivery, body: null));
    }

    private static PageOf<WebhookDeliveryView> Cut(Page page, List<WebhookDelivery> rows) => page.Cut(
        rows,
        delivery => delivery.Position.ToString(CultureInfo.InvariantCulture),
        delivery => WebhookDeliveryView.Of(delivery, body: null));
}
