using Fleet.Client.Http;

namespace Fleet.Client.Webhooks;

/// <summary>Webhooks: <c>/v1/webhook-endpoints</c> and <c>/v1/webhook-deliveries</c>.</summary>
public sealed class WebhooksClient
{
    private const string Path = "/v1/webhook-endpoints";

    private readonly FleetHttp _http;

    internal WebhooksClient(FleetHttp http) => _http = http;

    public IAsyncEnumerable<WebhookEndpoint> List(CancellationToken stop = default) => _http.All<WebhookEndpoint>(Path, stop);

    public Task<NewWebhookSecret> Create(WebhookDraft draft, CancellationToken stop = default) =>
        _http.Post<NewWebhookSecret>(Path, draft, stop);

    public Task Delete(string endpointId, CancellationToken stop = default) => _http.Delete(Of(endpointId), stop);

    /// <summary>An event that means nothing.</summary>
    public Task<WebhookDelivery> Test(string endpointId, CancellationToken stop = default) =>
        _http.Post<WebhookDelivery>($"{Of(endpointId)}/test", null, stop);

    /// <summary>One page, newest first.</summary>
    /// <param name="about">Only about this piece of work.</param>
    public Task<Page<WebhookDelivery>> Deliveries(
        string? state = null, string? about = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        _http.Get<Page<WebhookDelivery>>(
            Query.With("/v1/webhook-deliveries", ("state", state), ("about", about), ("limit", limit), ("cursor", cursor)), stop);

    private static string Of(string endpointId) => $"{Path}/{Query.Part(endpointId)}";
}
