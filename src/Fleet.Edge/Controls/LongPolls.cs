using Fleet.Hosting.Stops;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Fleet.Edge.Controls;

/// <summary>
/// Has long polls (<c>GET …?wait=30</c>) answered with what is known when the edge leaves: they are asked once more, and
/// wait no longer.
/// </summary>
internal sealed class LongPolls(RequestDelegate next, Leaving leaving)
{
    private const string Wait = "wait";

    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || !http.Request.Query.ContainsKey(Wait))
        {
            await next(http);
            return;
        }

        var real = http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(real.RequestAborted))
        {
            await using var over = leaving.Over.Register(() => EndIfUnanswered(http, end));
            http.Features.Set<IHttpRequestLifetimeFeature>(new EarlyEnd(real, () => !http.Response.HasStarted, end.Token));
            try
            {
                await next(http);
            }
            finally
            {
                http.Features.Set(real);
            }
        }

        if (WasEnded(http))
            await AskAgain(http);
    }

    private static void EndIfUnanswered(HttpContext http, CancellationTokenSource end)
    {
        if (!http.Response.HasStarted)
            end.Cancel();
    }

    private bool WasEnded(HttpContext http) => leaving.Over.IsCancellationRequested
        && http.GetForwarderErrorFeature() is not null
        && !http.RequestAborted.IsCancellationRequested
        && !http.Response.HasStarted;

    private Task AskAgain(HttpContext http)
    {
        http.Features.Set<IForwarderErrorFeature>(null);
        http.Response.Clear();
        RequestId.Answer(http);
        http.Request.QueryString = QueryString.Create(http.Request.Query.Where(part => part.Key != Wait));
        return next(http);
    }
}
