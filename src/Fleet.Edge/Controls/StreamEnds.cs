using Fleet.Hosting.Stops;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Edge.Controls;

/// <summary>
/// Ends what has no end of its own when the edge leaves: server-sent events between two of them, a log that is followed, a
/// socket. Who hung on it comes back, with the number he has reached, and another edge goes on. Everything else is passed on
/// to its end.
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
        await using var over = leaving.Over.Register(() =>
        {
            if (http.Response.HasStarted) // else it is looked at when it does
                EndIfEndless(http, end);
        });
        var isDone = false;
        http.Response.OnStarting(() => // only now is it known what it is
        {
            if (!isDone && leaving.Over.IsCancellationRequested)
                EndIfEndless(http, end);
            return Task.CompletedTask;
        });
        http.Features.Set<IHttpRequestLifetimeFeature>(new EarlyEnd(real, () => !IsFollowed(http), end.Token));
        try
        {
            await next(http);
        }
        finally
        {
            isDone = true;
            http.Features.Set(real);
        }
    }

    private static void EndIfEndless(HttpContext http, CancellationTokenSource end)
    {
        if (HasEvents(http) || IsFollowed(http) || http.Response.StatusCode == StatusCodes.Status101SwitchingProtocols)
            end.Cancel();
    }

    private static bool HasEvents(HttpContext http) => http.Response.ContentType?.StartsWith(Events, StringComparison.Ordinal) == true;

    /// <summary>Nothing in a text says that it goes on elsewhere: only a broken connection does.</summary>
    private static bool IsFollowed(HttpContext http) => !HasEvents(http) && http.Request.Query["follow"] == "true";
}
