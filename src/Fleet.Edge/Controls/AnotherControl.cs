using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Fleet.Edge.Controls;

/// <summary>
/// Gives a request to another Control where that cannot do its work twice: any request that reached nobody, and
/// once a GET or HEAD, or one with an <c>Idempotency-Key</c>, whose Control went away before it answered. One that says that a
/// request is meant for another of them (421) has done nothing.
/// </summary>
internal sealed class AnotherControl(RequestDelegate next)
{
    /// <summary>Bytes of a body that is kept to be sent again.</summary>
    private const int MostKept = 1024 * 1024;

    public async Task InvokeAsync(HttpContext http)
    {
        var mayBreak = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || KeepsBody(http.Request);
        await next(http);
        if (http.GetForwarderErrorFeature() is null && !IsMisdirected(http))
            return;
        var proxy = http.GetReverseProxyFeature();
        var untried = proxy.AllDestinations.ToList();
        while (MayGoElsewhere(http, ref mayBreak))
        {
            untried.Remove(proxy.ProxiedDestination!);
            if (untried.Count == 0)
            {
                await RefuseMisdirected(http);
                return;
            }

            proxy.AvailableDestinations = Best(untried);
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Response.Clear();
            RequestId.Answer(http);
            if (http.Request.Body.CanSeek)
                http.Request.Body.Position = 0;
            await next(http);
        }
    }

    /// <summary>Whether the same request again is the same to Control, and can be sent again.</summary>
    private static bool KeepsBody(HttpRequest request)
    {
        if (!request.Headers.ContainsKey("Idempotency-Key") || request.ContentLength is not (null or <= MostKept)
            || (request.ContentLength is null && request.Headers.TransferEncoding.Count > 0))
            return false;
        request.EnableBuffering(MostKept, MostKept);
        return true;
    }

    /// <summary>Its answer's body was left out, so that nothing of it has gone yet.</summary>
    private static bool IsMisdirected(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method)
        && http.Response is { StatusCode: StatusCodes.Status421MisdirectedRequest, HasStarted: false };

    private static Task RefuseMisdirected(HttpContext http)
    {
        if (!IsMisdirected(http))
            return Task.CompletedTask;
        http.Response.Clear();
        return Problem.Write(http, 421, "misdirected_request", "Misdirected", "No Control process waits for this.");
    }

    private static bool MayGoElsewhere(HttpContext http, ref bool mayBreak)
    {
        if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
            return false;
        if (http.GetReverseProxyFeature().ProxiedDestination is null)
            return false;
        if (IsMisdirected(http))
            return true;
        if (http.GetForwarderErrorFeature() is not { } failure)
            return false;
        if (Connection.NeverCameAbout(failure))
            return true;
        if (!mayBreak || !Connection.Broke(failure) || (Connection.BrokeWithin(failure) && !http.Request.Body.CanSeek))
            return false;
        mayBreak = false; // a request that ends whoever serves it must not visit them all
        return true;
    }

    private static List<DestinationState> Best(List<DestinationState> untried)
    {
        var well = untried.FindAll(one => one.Health.Passive != DestinationHealth.Unhealthy
            && one.Health.Active != DestinationHealth.Unhealthy);
        return well.Count > 0 ? well : untried;
    }
}
