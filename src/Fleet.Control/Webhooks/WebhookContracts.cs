using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Webhooks;

/// <summary>Body of <c>POST /v1/webhook-endpoints</c>.</summary>
/// <param name="EventTypes">Types as <c>job.failed</c>, or families as <c>job.*</c>.</param>
internal sealed record CreateWebhookEndpoint(
    string Url, IReadOnlyList<string?> EventTypes, string? Description = null, bool Enabled = true);

/// <summary>Body of <c>PATCH /v1/webhook-endpoints/{id}</c>: what is absent stays.</summary>
internal sealed record ChangeWebhookEndpoint(
    string? Url = null, IReadOnlyList<string?>? EventTypes = null, string? Description = null, bool? Enabled = null);

/// <summary>Body of <c>POST /v1/webhook-endpoints/{id}/replay</c>.</summary>
/// <param name="Since">Events that happened then or later.</param>
/// <param name="DeliveredToo">Also those that the receiver took; otherwise only dead ones.</param>
internal sealed record ReplayDeliveries(DateTimeOffset Since, bool DeliveredToo = false);

/// <param name="Replayed">How many deliveries are owed again.</param>
internal sealed record ReplayedView(int Replayed);

/// <summary>An endpoint without its secret.</summary>
/// <param name="DisabledReason">Why Fleet disabled it.</param>
/// <param name="FormerSecretUntil">Until then the former secret signs as well.</param>
internal sealed record WebhookEndpointView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid EndpointId,
    string Tenant,
    string Url,
    IReadOnlyList<string> EventTypes,
    string Description,
    bool Enabled,
    string? DisabledReason,
    DateTimeOffset? FormerSecretUntil,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static WebhookEndpointView Of(WebhookEndpoint of) => new(
        of.Id, of.Tenant, of.Url, of.EventTypes, of.Description, of.Enabled, of.DisabledReason, of.FormerSecretUntil,
        of.CreatedAt, of.UpdatedAt);
}

/// <summary>An endpoint with the secret that is shown this once.</summary>
/// <param name="Secret"><c>whsec_</c> and base64, as libraries for Standard Webhooks take it; null in the answer to a
/// repetition.</param>
internal sealed record NewWebhookSecretView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid EndpointId,
    string Url,
    IReadOnlyList<string> EventTypes,
    string Description,
    bool Enabled,
    DateTimeOffset? FormerSecretUntil,
    DateTimeOffset CreatedAt,
    string? Secret)
{
    public static NewWebhookSecretView Of(WebhookEndpoint of) => new(
        of.Id, of.Url, of.EventTypes, of.Description, of.Enabled, of.FormerSecretUntil, of.CreatedAt, of.Secret);
}
