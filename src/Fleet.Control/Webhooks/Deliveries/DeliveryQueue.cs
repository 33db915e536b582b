namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// What is owed to one receiver about one thing, one after another. There is a row as long as something is owed; who
/// claims it is the only one to tell of that thing.
/// </summary>
internal sealed class DeliveryQueue
{
    public Guid EndpointId { get; set; }

    public Guid About { get; set; }

    /// <summary>The receiver as far as its health is concerned: an endpoint, or the host of a URL.</summary>
    public string Target { get; set; } = "";

    /// <summary>Deliveries that wait.</summary>
    public int Owed { get; set; }

    /// <summary>When the first of them may be tried.</summary>
    public DateTimeOffset DueAt { get; set; }

    public Guid? Claim { get; set; }

    /// <summary>By the database's clock: a dead process holds nothing for long.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }
}
