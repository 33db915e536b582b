using System.Globalization;
using Fleet.Control.Platform.Journal;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Control.Chat.Paliad;

/// <summary>
/// The events of one turn for one reader: from any point, also after the end, then live. A reader that comes back after the
/// last event is told so by 204, which ends a browser's attempts.
/// </summary>
internal sealed class PaliadStream(JournalFeed feed, PaliadQueries turns, PaliadSettings settings, TimeProvider clock)
{
    private static readonly byte[] Ping = "event: ping\ndata: {}\n\n"u8.ToArray();

    private readonly TimeSpan _ping = TimeSpan.FromSeconds(settings.PingSeconds);

    public async Task Write(Turn turn, HttpContext context)
    {
        var (stop, response) = (context.RequestAborted, context.Response);
        var (events, after, since) = (new PaliadEvents(turn), After(context.Request), clock.GetTimestamp());
        await foreach (var page in feed.Follow(turn.CorrelationId, after: 0, _ping / 10, stop))
        {
            foreach (var entry in page)
            {
                var over = entry.IsLast ? await turns.Find(turn.CorrelationId, stop) : null;
                foreach (var one in events.Take(entry, over).Where(one => one.Id > after))
                {
                    Begin(response);
                    await response.Body.WriteAsync(one.ToBytes(), stop);
                }
            }

            if (events.IsOver)
                break;
            if (page.Count > 0 && page[^1].Seq < turn.JournalSeq)
                continue; // whether anything is left for the reader is not known yet
            Begin(response);
            if (clock.GetElapsedTime(since) >= _ping)
            {
                since = clock.GetTimestamp();
                await response.Body.WriteAsync(Ping, stop);
                if (await turns.Find(turn.CorrelationId, stop) is null)
                    break; // removed: whoever comes back finds nothing
            }

            await response.Body.FlushAsync(stop);
        }

        if (!response.HasStarted && response.ContentType is null)
            response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static void Begin(HttpResponse response)
    {
        if (response.HasStarted || response.ContentType is not null)
            return;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>What is no id of an event means the beginning.</summary>
    private static long After(HttpRequest request) => long.TryParse(
        request.Headers["Last-Event-ID"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : 0;
}
