namespace Fleet.Control.Platform.DomainEvents;

/// <summary>Something that happened, for whoever outside asked to be told.</summary>
/// <param name="Type">Family and what happened, as <see cref="DomainEventTypes"/> lists it: <c>job.succeeded</c>.</param>
/// <param name="About">What it happened to. What is announced about one thing is told in order.</param>
/// <param name="Url">Who is told besides those who subscribed; null for nobody.</param>
/// <param name="Data">What is told. It becomes JSON only where somebody is told, so making one costs nothing.</param>
/// <param name="ArtifactsAt">
/// Where the artifacts of <paramref name="About"/> are, as a path, once no other may come: the field <c>artifacts</c> of
/// the data is filled with them when it is told. Null where there are none.
/// </param>
/// <param name="DataForUrl">What <paramref name="Url"/> is told instead of the data; null where it is told the same.</param>
/// <param name="InlineArtifactsAt">
/// With <paramref name="DataForUrl"/>: the path at which it finds the artifacts, of which small ones are sent along.
/// </param>
internal sealed record DomainEvent(
    string Tenant,
    string Type,
    Guid About,
    DateTimeOffset At,
    string? Url,
    object Data,
    string? ArtifactsAt,
    object? DataForUrl = null,
    string? InlineArtifactsAt = null);
