using System.Net;

namespace Fleet.Edge;

/// <summary>Figures are for this machine: from anywhere else, or through another proxy, they do not exist.</summary>
internal sealed class LocalMetrics(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase) && !IsLocal(http)
            ? Problem.NotFound(http)
            : next(http);

    private static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && !http.Request.Headers.ContainsKey("X-Forwarded-For");
}
