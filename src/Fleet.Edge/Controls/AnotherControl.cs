using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Fleet.Edge.Controls;

/// <summary>
/// Gives a request to another Control where that cannot do its work twice: any request that reached nobody, and
/// once a GET or HEAD whose Control went away before it answered.
/// </summary>
internal sealed class AnotherControl(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.GetForwarderErrorFeature() is null)
            return;
        var proxy = http.GetReverseProxyFeature();
        var untried = proxy.AllDestinations.ToList();
        var mayBreak = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        while (MayGoElsewhere(http, ref mayBreak))
        {
            untried.Remove(proxy.ProxiedDestination!);
            if (untried.Count == 0)
                return;
            proxy.AvailableDestinations = Best(untried);
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Response.Clear();
            RequestId.Answer(http);
            await next(http);
        }
    }

    private static bool MayGoElsewhere(HttpContext http, ref bool mayBreak)
    {
        if (http.GetForwarderErrorFeature() is not { } failure)
            return false;
        if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
            return false;
        if (http.GetReverseProxyFeature().ProxiedDestination is null)
            return false;
        if (Connection.NeverCameAbout(failure))
            return true;
        if (!mayBreak || !Connection.Broke(failure))
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
