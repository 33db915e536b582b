using System.Net;

namespace Fleet.Client;

/// <summary>The fleet said no, as problem details (RFC 9457).</summary>
/// <param name="status">The status of the answer.</param>
/// <param name="code">Stable, lower snake case; <c>http_error</c> where whoever answered is no Fleet.</param>
/// <param name="detail">A sentence for people.</param>
public sealed class FleetException(HttpStatusCode status, string code, string detail) : Exception(detail)
{
    public HttpStatusCode Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>What is wrong, by field, as <c>command.args[1]</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>How long to wait before the same is asked again; null where the fleet does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Under which the fleet's logs know more.</summary>
    public string? TraceId { get; init; }
}

/// <summary>Nobody answered at the fleet's address.</summary>
public sealed class FleetUnreachableException(Uri url, string detail, Exception? cause)
    : Exception($"No fleet answers at {url.GetLeftPart(UriPartial.Authority)}: {detail}", cause)
{
    public Uri Url { get; } = url;
}
