using System.Net;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Access;

/// <summary>Figures of a process are for its own machine, and for keys that look after the fleet.</summary>
internal sealed class MetricsDoor(RequestDelegate next, ApiKeyCache keys)
{
    public async Task Invoke(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase)
            && !IsLocal(context) && !await IsFleetAdmin(context))
            await Problem.NotFound("page").ExecuteAsync(context);
        else
            await next(context);
    }

    /// <summary>Not what an edge on this machine passes on.</summary>
    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && !context.Request.Headers.ContainsKey(CallerAddress.Header)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For");

    private async Task<bool> IsFleetAdmin(HttpContext context) =>
        ApiKeyText.TryHash(SecretText.OfBearer(context.Request), out var hash)
        && await keys.Find(hash, context.RequestAborted) is { MaySeeAll: true };
}
