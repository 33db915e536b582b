using System.Net;

namespace Fleet.Edge;

/// <summary>
/// Figures are for this machine: from anywhere else, through another proxy, or for a page in a browser, they do not exist.
/// </summary>
internal sealed class LocalMetrics(RequestDelegate next)
{
    /// <summary>A proxy in front names itself or its caller by one of these; a browser says where a page is from.</summary>
    private static readonly string[] Others =
    [
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via", "True-Client-IP",
        "CF-Connecting-IP", "Origin", "Referer", "Sec-Fetch-Site",
    ];

    public Task InvokeAsync(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase) && !IsLocal(http)
            ? Problem.NotFound(http)
            : next(http);

    private static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && !Array.Exists(Others, http.Request.Headers.ContainsKey)
        && IsOfThisMachine(http.Request.Host.Host);

    /// <summary>A page may have given this machine's address to a name of its own.</summary>
    private static bool IsOfThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
