using Fleet.Control.Platform.Access.Keys;
using Fleet.Hosting.Stops;

namespace Fleet.Control.Platform.Http.Streams;

/// <summary>
/// Ends answers without an end of their own when the process leaves: a watcher comes back, with the number it has reached, and
/// another process goes on. What is asked with a POST is worked on until it has its answer.
/// </summary>
internal sealed class StreamEnds(RequestDelegate next, Leaving leaving)
{
    private const string Events = "text/event-stream";

    public async Task Invoke(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method)
            || context.GetEndpoint()?.Metadata.GetMetadata<EndsWithKey>() is null)
        {
            await next(context);
            return;
        }

        var client = context.RequestAborted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(client);
        await using var over = leaving.Over.Register(() => EndIfEndless(context, either));
        var isDone = false;
        context.Response.OnStarting(() => // only now is it known what it is
        {
            if (!isDone && leaving.Over.IsCancellationRequested)
                EndIfEndless(context, either);
            return Task.CompletedTask;
        });
        context.RequestAborted = either.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested && !client.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                await Problem.Unavailable("stopping", "This process is stopping; another one answers soon.").ExecuteAsync(context);
            else if (!HasEvents(context))
                context.Abort(); // nothing else would say that this is not all of it
        }
        finally
        {
            isDone = true;
            context.RequestAborted = client;
        }
    }

    private static void EndIfEndless(HttpContext context, CancellationTokenSource end)
    {
        if (HasEvents(context) || context.Request.Query["follow"] == "true")
            end.Cancel();
    }

    private static bool HasEvents(HttpContext context) =>
        context.Response.ContentType?.StartsWith(Events, StringComparison.Ordinal) == true;
}
