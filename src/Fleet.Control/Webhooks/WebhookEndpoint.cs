using Fleet.Control.Platform.Access;

namespace Fleet.Control.Webhooks;

/// <summary>Where a tenant wants to be told of events of some types.</summary>
internal sealed class WebhookEndpoint : ITenantRow
{
    public Guid Id { get; set; }

    public string Tenant { get; set; } = "";

    public string Url { get; set; } = "";

    /// <summary>Types, or families as <c>job.*</c>.</summary>
    public string[] EventTypes { get; set; } = [];

    public string Description { get; set; } = "";

    public bool Enabled { get; set; }

    /// <summary>Why Fleet disabled it; null when it is enabled, or its owner disabled it.</summary>
    public string? DisabledReason { get; set; }

    /// <summary>Signing needs the secret itself: <c>whsec_</c> and base64.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Signs as well until <see cref="FormerSecretUntil"/>.</summary>
    public string? FormerSecret { get; set; }

    public DateTimeOffset? FormerSecretUntil { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
