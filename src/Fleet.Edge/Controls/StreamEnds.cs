using Fleet.Hosting.Stops;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Edge.Controls;

/// <summary>
/// Ends server-sent events when the edge leaves, between two of them: a watcher comes back, with the number it has reached, and
/// another edge goes on. Everything else is passed on to its end.
/// </summary>
internal sealed class StreamEnds(RequestDelegate next, Leaving leaving)
{
    private const string Events = "text/event-stream";

    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            await next(http);
            return;
        }

        var real = http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(real.RequestAborted);
        await using var over = leaving.Over.Register(() => EndIfEvents(http, end));
        http.Features.Set<IHttpRequestLifetimeFeature>(new Ending(real, end.Token));
        try
        {
            await next(http);
        }
        finally
        {
            http.Features.Set(real);
        }
    }

    private static void EndIfEvents(HttpContext http, CancellationTokenSource end)
    {
        if (http.Response.ContentType?.StartsWith(Events, StringComparison.Ordinal) == true)
            end.Cancel();
    }

    /// <summary>What is ended here is whole as far as it goes: the connection is not broken for it.</summary>
    private sealed class Ending(IHttpRequestLifetimeFeature real, CancellationToken end) : IHttpRequestLifetimeFeature
    {
        private readonly CancellationToken _end = end;

        public CancellationToken RequestAborted { get; set; } = end;

        public void Abort()
        {
            if (!_end.IsCancellationRequested || real.RequestAborted.IsCancellationRequested)
                real.Abort();
        }
    }
}
