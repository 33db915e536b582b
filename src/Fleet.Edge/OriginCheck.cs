using System.Net;
using System.Net.Sockets;
using Fleet.Edge.Consoles;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Fleet.Edge;

/// <summary>
/// Which browser pages may open a WebSocket. Browsers send the page's origin and no CORS question, so the door asks:
/// programs (no origin) always; in production the origins that are set; in development those of the local network too.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next, IOptions<EdgeSettings> settings, IHostEnvironment environment)
{
    private readonly bool _development = environment.IsDevelopment();

    public Task InvokeAsync(HttpContext http) =>
        IsWebSocket(http) && !IsConsoles(http) && !Allows(http.Request.Headers.Origin, settings.Value.AllowedOrigins, _development)
            ? Problem.Write(http, 403, "origin_refused", "Origin refused", "Pages of this origin may not connect.")
            : next(http);

    /// <summary>A page of the console, that the door itself has shown under the name by which it is called now.</summary>
    private static bool IsConsoles(HttpContext http) =>
        http.GetReverseProxyFeature().Route.Config.RouteId == ConsoleRoutes.Route
        && Uri.TryCreate(http.Request.Headers.Origin, UriKind.Absolute, out var page)
        && string.Equals(page.Authority, http.Request.Host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>The rule itself.</summary>
    public static bool Allows(string? origin, IEnumerable<string> allowed, bool development)
    {
        if (string.IsNullOrEmpty(origin))
            return true;
        if (allowed.Any(one => string.Equals(one.TrimEnd('/'), origin, StringComparison.OrdinalIgnoreCase)))
            return true;
        return development && Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsNear(page.IdnHost);
    }

    // A host, never the beginning of a name: 10.evil.example is far away.
    private static bool IsNear(string host)
    {
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!IPAddress.TryParse(host, out var address))
            return false;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.Equals(IPAddress.IPv6Loopback);
        var bytes = address.GetAddressBytes();
        return bytes is [127, 0, 0, 1] or [192, 168, ..] or [10, ..];
    }

    private static bool IsWebSocket(HttpContext http) =>
        string.Equals(http.Request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase)
        || http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
