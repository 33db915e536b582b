using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Webhooks.Deliveries;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Webhooks;

/// <summary>Routes for endpoints. A secret leaves the house once, in the answer to its creation or rotation.</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhookEndpoints(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/webhook-endpoints").WithTags("Webhooks").RequireScope(Scope.WebhooksRead);
        all.MapGet("/", List).Produces<PageOf<WebhookEndpointView>>();
        all.MapGet("/{endpointId}", Show).Produces<WebhookEndpointView>();

        var managed = routes.MapGroup("/v1/webhook-endpoints").WithTags("Webhooks").RequireScope(Scope.WebhooksManage);
        managed.MapPost("/", Create).AuditedAs("webhook.create")
            .Accepts<CreateWebhookEndpoint>("application/json").Produces<NewWebhookSecretView>(201);
        managed.MapPatch("/{endpointId}", Change).AuditedAs("webhook.change")
            .Accepts<ChangeWebhookEndpoint>("application/json").Produces<WebhookEndpointView>();
        managed.MapDelete("/{endpointId}", Delete).AuditedAs("webhook.delete").Produces(204);
        managed.MapPost("/{endpointId}/secret", Rotate).AuditedAs("webhook.rotate_secret").Produces<NewWebhookSecretView>();
        managed.MapPost("/{endpointId}/test", Test).AuditedAs("webhook.test").Produces<WebhookDeliveryView>(202);
        managed.MapPost("/{endpointId}/replay", Replay).AuditedAs("webhook.replay")
            .Accepts<ReplayDeliveries>("application/json").Produces<ReplayedView>(202);
    }

    private static async Task<IResult> Create(
        HttpRequest request, HttpResponse response, Caller caller, WebhookRules rules, WebhookStore store,
        IdempotentChange once, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<CreateWebhookEndpoint>(body.Span);
        rules.Check(wanted.Url, wanted.EventTypes, wanted.Description, caller.Tenant, caller);
        response.Headers.CacheControl = "no-store";
        var answer = await once.Run(request, caller, body.Memory, async db =>
        {
            var view = NewWebhookSecretView.Of(await store.Add(db, wanted, caller, stop));
            return Answer.Created(
                $"/v1/webhook-endpoints/{WireId.Format(view.EndpointId)}", view, view with { Secret = null });
        }, stop);
        await store.Settle(stop);
        return answer;
    }

    private static async Task<PageOf<WebhookEndpointView>> List(
        Page page, Caller caller, WebhookStore store, CancellationToken stop) =>
        page.Cut(await store.List(page, caller, stop), endpoint => endpoint.Id, WebhookEndpointView.Of);

    private static async Task<IResult> Show(
        string endpointId, Caller caller, WebhookStore store, CancellationToken stop) =>
        await store.Find(endpointId, caller, stop) is { } endpoint
            ? TypedResults.Ok(WebhookEndpointView.Of(endpoint))
            : Problem.NotFound("endpoint");

    private static async Task<IResult> Change(
        string endpointId, HttpRequest request, Caller caller, WebhookRules rules, WebhookStore store,
        CancellationToken stop)
    {
        if (await store.Find(endpointId, caller, stop) is not { } endpoint)
            return Problem.NotFound("endpoint");
        var wanted = await JsonBody.Read<ChangeWebhookEndpoint>(request);
        rules.Check(wanted.Url, wanted.EventTypes, wanted.Description, endpoint.Tenant, caller);
        return TypedResults.Ok(WebhookEndpointView.Of(await store.Change(endpoint, wanted, stop)));
    }

    private static async Task<IResult> Delete(
        string endpointId, Caller caller, WebhookStore store, CancellationToken stop)
    {
        if (await store.Find(endpointId, caller, stop) is not { } endpoint)
            return Problem.NotFound("endpoint");
        await store.Delete(endpoint.Id, stop);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Rotate(
        string endpointId, HttpRequest request, HttpResponse response, Caller caller, WebhookStore store,
        IdempotentChange once, CancellationToken stop)
    {
        if (await store.Find(endpointId, caller, stop) is not { } endpoint)
            return Problem.NotFound("endpoint");
        response.Headers.CacheControl = "no-store";
        return await once.Run(request, caller, default, async db =>
        {
            var view = NewWebhookSecretView.Of(await store.Rotate(db, endpoint.Id, stop));
            return new Answer(200, Answer.Write(view)) { Kept = Answer.Write(view with { Secret = null }) };
        }, stop);
    }

    private static async Task<IResult> Test(
        string endpointId, Caller caller, WebhookStore store, DeliveryStore deliveries, CancellationToken stop)
    {
        if (await store.Find(endpointId, caller, stop) is not { } endpoint)
            return Problem.NotFound("endpoint");
        if (!endpoint.Enabled)
            return Problem.Conflict("endpoint_disabled", "The endpoint is disabled; enable it first.");
        var test = await deliveries.Test(endpoint, stop);
        return TypedResults.Accepted(
            $"/v1/webhook-deliveries/{WireId.Format(test.Id)}", WebhookDeliveryView.Of(test, body: null));
    }

    private static async Task<IResult> Replay(
        string endpointId, HttpRequest request, Caller caller, WebhookStore store, DeliveryStore deliveries,
        CancellationToken stop)
    {
        if (await store.Find(endpointId, caller, stop) is not { } endpoint)
            return Problem.NotFound("endpoint");
        var wanted = await JsonBody.Read<ReplayDeliveries>(request);
        return TypedResults.Accepted(
            $"/v1/webhook-endpoints/{endpointId}/deliveries",
            new ReplayedView(await deliveries.Replay(endpoint.Id, wanted, stop)));
    }
}
