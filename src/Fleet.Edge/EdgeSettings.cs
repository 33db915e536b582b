using System.ComponentModel.DataAnnotations;
using System.Net;
using Fleet.Hosting;

namespace Fleet.Edge;

/// <summary>The door: section <c>Edge</c>. Where it listens is ASP.NET Core's own setting <c>Urls</c>.</summary>
internal sealed class EdgeSettings : IValidatableObject
{
    /// <summary>The address used where none is set.</summary>
    public const string DefaultControl = "http://127.0.0.1:7001";

    /// <summary>The Control processes that share the work; empty means <see cref="DefaultControl"/>.</summary>
    public string[] Controls { get; set; } = [];

    /// <summary>The web consoles, shown at <c>/ui</c>; empty means that there is none.</summary>
    public string[] Consoles { get; set; } = [];

    /// <summary>
    /// A PEM file with the authorities to believe at Controls and consoles instead of the host's; empty means the host's.
    /// </summary>
    public string CaFile { get; set; } = "";

    /// <summary>
    /// Whether it may listen without TLS for others than this machine: behind something that speaks TLS for it, or in a network
    /// that nobody else is in.
    /// </summary>
    public bool AllowPlain { get; set; }

    /// <summary>Bytes a request may carry, unless it stores an artifact.</summary>
    public long MaxBodyBytes { get; set; } = 8 << 20;

    /// <summary>Bytes of one artifact.</summary>
    public long MaxArtifactBytes { get; set; } = 1 << 30;

    /// <summary>
    /// Requests a second of one API key, or of one address without a key; as many may come at once. 0: no limit.
    /// </summary>
    public double RequestsPerSecond { get; set; } = 20_000;

    /// <summary>
    /// Answers 401 a second for one address; after that keys that were not good before are looked at slowly. 0: no limit.
    /// </summary>
    public double RefusalsPerSecond { get; set; } = 200;

    /// <summary>How long such a key waits until it is looked at.</summary>
    public double LookSeconds { get; set; } = 1;

    /// <summary>How many of them may wait; more are refused with 429.</summary>
    public int LooksAtOnce { get; set; } = 64;

    /// <summary>
    /// Addresses and networks (<c>10.0.0.0/8</c>) whose <c>X-Forwarded-*</c> is believed; nobody's by default.
    /// </summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>Origins (<c>https://fleet.example</c>) whose pages may open a WebSocket.</summary>
    public string[] AllowedOrigins { get; set; } = [];

    /// <summary>How often each Control is asked whether it is ready.</summary>
    public double ProbeSeconds { get; set; } = 2;

    /// <summary>How long connecting to a Control may take.</summary>
    public double ConnectSeconds { get; set; } = 2;

    /// <summary>
    /// How long a request or a stream may be silent; event streams say something every 15 s. A log that is followed
    /// has no words for that, and may be silent for an hour.
    /// </summary>
    public double SilenceSeconds { get; set; } = 150;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var url in Controls.Where(url => !IsHttp(url)))
            yield return new($"Edge:Controls holds http or https addresses such as {DefaultControl}, not '{url}'.");
        foreach (var url in Consoles.Where(url => !IsHttp(url)))
            yield return new($"Edge:Consoles holds http or https addresses such as http://127.0.0.1:7301, not '{url}'.");
        if (Authorities.Wrong("Edge:CaFile", CaFile) is { } authorities)
            yield return new(authorities);
        foreach (var proxy in TrustedProxies.Where(proxy => !TryParseNetwork(proxy, out _)))
            yield return new($"Edge:TrustedProxies holds addresses and networks such as 10.0.0.0/8, not '{proxy}'.");
        foreach (var origin in AllowedOrigins.Where(origin => !IsHttp(origin)))
            yield return new($"Edge:AllowedOrigins holds origins such as https://fleet.example, not '{origin}'.");
        if (MaxBodyBytes < 1 || MaxArtifactBytes < 1)
            yield return new("Edge:MaxBodyBytes and Edge:MaxArtifactBytes must be at least 1.");
        if (RequestsPerSecond is not (0 or >= 1) || RefusalsPerSecond is not (0 or >= 1))
            yield return new("Edge:RequestsPerSecond and Edge:RefusalsPerSecond must be 0 (no limit) or at least 1.");
        if (LookSeconds is not (>= 0 and <= 60) || LooksAtOnce is < 0 or > 10_000)
            yield return new("Edge:LookSeconds must be between 0 and 60, Edge:LooksAtOnce between 0 and 10,000.");
        if (ProbeSeconds is not (>= 0.05 and <= 60) || ConnectSeconds is not (>= 0.05 and <= 60))
            yield return new("Edge:ProbeSeconds and Edge:ConnectSeconds must be between 0.05 and 60.");
        if (SilenceSeconds is not (>= 1 and <= 3600))
            yield return new("Edge:SilenceSeconds must be between 1 and 3600.");
    }

    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        if (!IPAddress.TryParse(text, out var address))
            return IPNetwork.TryParse(text, out network);
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    private static bool IsHttp(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https";
}
