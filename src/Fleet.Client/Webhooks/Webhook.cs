namespace Fleet.Client.Webhooks;

/// <summary>Who is told of which events; the secret is shown once.</summary>
/// <param name="DisabledReason">Why the fleet disabled it.</param>
public sealed record WebhookEndpoint(
    string EndpointId,
    string Tenant,
    string Url,
    IReadOnlyList<string> EventTypes,
    string Description,
    bool Enabled,
    string? DisabledReason,
    DateTimeOffset? FormerSecretUntil,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <param name="Secret">Shown this once.</param>
public sealed record NewWebhookSecret(
    string EndpointId,
    string Url,
    IReadOnlyList<string> EventTypes,
    string Description,
    bool Enabled,
    DateTimeOffset? FormerSecretUntil,
    DateTimeOffset CreatedAt,
    string? Secret);

/// <param name="EventTypes">Types as <c>job.failed</c>, or families as <c>job.*</c>.</param>
public sealed record WebhookDraft(string Url, IReadOnlyList<string> EventTypes, string? Description = null);

/// <summary>What was told to whom, and what came back.</summary>
/// <param name="EndpointId">Null when the receiver is the URL that the work itself names.</param>
/// <param name="State"><c>waiting delivered dead</c>.</param>
public sealed record WebhookDelivery(
    string DeliveryId,
    string EventId,
    string? EndpointId,
    string About,
    string Type,
    string State,
    int Attempts,
    DateTimeOffset OccurredAt,
    DateTimeOffset OwedAt,
    DateTimeOffset? SettledAt,
    DateTimeOffset? LastAttemptAt,
    int? DurationMs,
    WebhookRequest? Request,
    WebhookResponse? Response,
    string? Error);

/// <param name="Body">Null in lists.</param>
public sealed record WebhookRequest(string Url, IReadOnlyDictionary<string, string> Headers, System.Text.Json.JsonElement? Body);

/// <param name="Body">Its beginning.</param>
public sealed record WebhookResponse(int Status, string Body);
