namespace Fleet.Client;

/// <summary>Where a fleet is, who asks, and how long the client waits for it.</summary>
public sealed record FleetClientOptions
{
    /// <summary>The edge, as <c>http://127.0.0.1:8080</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>An API key; null asks without one.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// Certificates in PEM form, of the authorities that alone are believed, such as a fleet's own; null means the host's.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>How often a request is sent again, with the same idempotency key, while the fleet cannot be reached.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>The pause before the first repetition; each further one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>No pause is longer, except where the fleet asks for it.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one answer may take.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// A stream that is silent for so long is taken for lost and opened again. The fleet says something every 15 seconds.
    /// </summary>
    public TimeSpan StreamSilence { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>How long a lost stream is tried again before the fleet counts as unreachable.</summary>
    public TimeSpan StreamPatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What callers see of the client.</summary>
    public string UserAgent { get; init; } = "fleet-client";

    /// <summary>What measures pauses.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
