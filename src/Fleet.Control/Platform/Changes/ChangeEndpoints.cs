using System.Text;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Http.Streams;
using Fleet.Control.Platform.Journal;

namespace Fleet.Control.Platform.Changes;

/// <summary>
/// <c>GET /v1/events</c>: all that changes of a tenant, as server-sent events. The id of an event is the place to go on from.
/// </summary>
internal static class ChangeEndpoints
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();

    public static void MapChanges(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/events", Watch).Takes("kind", "after")
        .WithTags("Events").EndWithKey()
        .WithDescription(
            "Every change of work, agents, schedules and alerts that the key may see, from now on or behind Last-Event-ID (or "
            + "?after=). The first event is ready, or reset where what lies between is forgotten: then read lists anew. "
            + "?kind= chooses families or kinds, several by commas or by repetition.")
        .Produces<ChangeView>(200, "text/event-stream");

    private static async Task<IResult> Watch(
        HttpContext context, Caller caller, ChangeFeed feed, ChangeKinds kinds, TimeProvider clock, CancellationToken stop)
    {
        var asked = context.Request.Query["kind"].SelectMany(text => (text ?? "").Split(',')).Select(text => text.Trim());
        var choice = kinds.Choose([.. asked.Where(text => text.Length > 0)], caller);
        var known = ReadAfter(context.Request);
        var isKept = known is { } place && await feed.IsKept(place, stop);
        var after = isKept ? known!.Value : await feed.Now(stop);

        var watcher = EventStream.Begin(context.Response);
        await watcher.Write(Retry, stop);
        if (!isKept)
            await watcher.Write(Bytes($"id: {after}\nevent: {(known is null ? "ready" : "reset")}\ndata: {{}}\n\n"), stop);
        await watcher.Flush(stop);
        await Follow(watcher, feed.Follow(after, KeepAlive, stop), choice, clock, stop);
        return Results.Empty;
    }

    private static async Task Follow(
        EventStream watcher, IAsyncEnumerable<ChangePage> pages, ChangeChoice choice, TimeProvider clock, CancellationToken stop)
    {
        var said = clock.GetTimestamp();
        await foreach (var page in pages)
        {
            var mine = page.Changes.Where(choice.Has).ToList();
            foreach (var change in mine)
                await watcher.Write(change.ToEvent(), stop);
            if (mine.Count == 0 && clock.GetElapsedTime(said) < KeepAlive)
                continue;
            if (mine.Count == 0)
                await watcher.Write(Bytes($": keep-alive\nid: {page.Reached}\n\n"), stop); // what lies before was others'
            await watcher.Flush(stop);
            said = clock.GetTimestamp();
        }
    }

    private static ChangeId? ReadAfter(HttpRequest request)
    {
        var point = ResumePoint.Of(request);
        if (point.Text is not { } text)
            return null;
        return ChangeId.TryParse(text, out var id) ? id : throw point.Wrong("This is not the id of an event of this stream.");
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
