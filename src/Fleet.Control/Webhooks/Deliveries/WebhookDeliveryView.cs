using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>One delivery as the log shows it.</summary>
/// <param name="EventId">The header <c>webhook-id</c>.</param>
/// <param name="EndpointId">Null when the receiver is the URL that the work itself names.</param>
/// <param name="About">The job that it is about.</param>
/// <param name="State"><c>waiting</c>, <c>delivered</c> or <c>dead</c>.</param>
/// <param name="Request">The last call; null before the first.</param>
/// <param name="Response">The last answer; null when there was none.</param>
/// <param name="Error">Why the last call failed, as a sentence.</param>
internal sealed record WebhookDeliveryView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid DeliveryId,
    [property: JsonConverter(typeof(WireIdConverter))] Guid EventId,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? EndpointId,
    [property: JsonConverter(typeof(WireIdConverter))] Guid About,
    string Type,
    string State,
    int Attempts,
    DateTimeOffset OccurredAt,
    DateTimeOffset OwedAt,
    DateTimeOffset? SettledAt,
    DateTimeOffset? LastAttemptAt,
    int? DurationMs,
    WebhookRequestView? Request,
    WebhookResponseView? Response,
    string? Error)
{
    /// <param name="body">What was, or will be, sent; null in lists.</param>
    public static WebhookDeliveryView Of(WebhookDelivery of, string? body) => new(
        of.Id,
        of.EventId,
        of.EndpointId == Guid.Empty ? null : of.EndpointId,
        of.About,
        of.Type,
        of.State,
        of.Attempts,
        of.OccurredAt,
        of.OwedAt,
        of.SettledAt,
        of.LastAt,
        of.LastMilliseconds,
        of.LastUrl is null ? null : WebhookRequestView.Of(of, body),
        of.LastStatus is { } status ? new WebhookResponseView(status, of.LastAnswer ?? "") : null,
        of.LastError);
}

/// <param name="Headers">Those that Fleet adds, signatures included.</param>
/// <param name="Body">Only where one delivery is asked for.</param>
internal sealed record WebhookRequestView(string Url, IReadOnlyDictionary<string, string> Headers, string? Body)
{
    public static WebhookRequestView Of(WebhookDelivery of, string? body) => new(
        of.LastUrl!,
        of.LastHeaders is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(of.LastHeaders)!,
        body);
}

/// <param name="Body">At most its first 4 KiB.</param>
internal sealed record WebhookResponseView(int Status, string Body);
