using Fleet.Control.Platform.Access;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>One event owed to one receiver, and how telling it went.</summary>
internal sealed class WebhookDelivery : ITenantRow
{
    public Guid Id { get; set; }

    /// <summary>Order in which deliveries became owed; those of one queue are told in this order.</summary>
    public long Position { get; set; }

    /// <summary>The same for every receiver and every attempt: receivers know repetitions by it.</summary>
    public Guid EventId { get; set; }

    public string Tenant { get; set; } = "";

    /// <summary><see cref="Guid.Empty"/> when the receiver is the URL that the work itself names.</summary>
    public Guid EndpointId { get; set; }

    /// <summary>What the event is about.</summary>
    public Guid About { get; set; }

    public string Type { get; set; } = "";

    /// <summary>Null when the endpoint knows it.</summary>
    public string? Url { get; set; }

    public DateTimeOffset OccurredAt { get; set; }

    /// <summary>What is told, as JSON.</summary>
    public string Data { get; set; } = "";

    /// <summary>Path of the artifacts that belong into it; null when there are none.</summary>
    public string? ArtifactsAt { get; set; }

    /// <summary>Whether small artifacts are sent along.</summary>
    public bool InlineArtifacts { get; set; }

    public string State { get; set; } = "";

    /// <summary>When it became owed, the last time.</summary>
    public DateTimeOffset OwedAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    public DateTimeOffset? LastAt { get; set; }

    public string? LastUrl { get; set; }

    /// <summary>A JSON object of strings.</summary>
    public string? LastHeaders { get; set; }

    public int? LastStatus { get; set; }

    /// <summary>The beginning of the answer's body.</summary>
    public string? LastAnswer { get; set; }

    /// <summary>Why it failed, as a sentence.</summary>
    public string? LastError { get; set; }

    public int? LastMilliseconds { get; set; }
}
