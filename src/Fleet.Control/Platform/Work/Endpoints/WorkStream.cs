using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Streams;
using Fleet.Control.Platform.Journal;

namespace Fleet.Control.Platform.Work.Endpoints;

/// <summary>
/// The journal of work as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): replay from
/// any number, then live. The event's id is the number to go on from.
/// </summary>
internal static class WorkStream
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();

    /// <summary>204 when the watcher has everything and the work has ended.</summary>
    public static async Task<IResult> Watch(
        string id, HttpContext context, IWorkFamily family, Caller caller, WorkStore store, JournalFeed feed, CancellationToken stop)
    {
        if (await store.Find(family, id, caller, stop) is not { } work)
            return Problem.NotFound(family.Name);
        var after = ReadAfter(context.Request, work);
        if (WorkStates.IsOver(work.State) && after == work.JournalSeq)
            return Results.NoContent();

        await Follow(EventStream.Begin(context.Response), work.CorrelationId, after, family, store, feed, stop);
        return Results.Empty;
    }

    /// <summary>The number after which to go on: the header of a watcher that comes back, or <c>?after=</c>.</summary>
    public static long ReadAfter(HttpRequest request, WorkRow work)
    {
        var point = ResumePoint.Of(request);
        if (point.Text is not { } text)
            return 0;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) && after <= work.JournalSeq
            ? after
            : throw point.Wrong($"This is not the number of an event of this {work.Family}.");
    }

    /// <summary>As jobs show it: output by its stream, everything else as it was written.</summary>
    public static (string Name, string Data) EventOf(JournalEntry entry) => entry.Output is { } bytes
        ? ("output", JsonSerializer.Serialize(
            new OutputEvent(
                entry.Type, Encoding.UTF8.GetString(bytes), entry.Attempt, Utf8.IsValid(bytes) ? null : Convert.ToBase64String(bytes)),
            FleetJson.Options))
        : (entry.Type, entry.Data ?? "{}");

    private static async Task Follow(
        EventStream watcher, Guid stream, long after, IWorkFamily family, WorkStore store, JournalFeed feed, CancellationToken stop)
    {
        await watcher.Write(Retry, stop);
        await watcher.Flush(stop);
        await foreach (var page in feed.Follow(stream, after, KeepAlive, stop))
        {
            if (page.Count == 0 && await store.Find(family, stream, stop) is null)
                break; // removed: whoever comes back finds nothing
            if (page.Count == 0)
                await watcher.Write(Comment, stop);
            foreach (var entry in page)
            {
                var one = entry.IsLast ? await entry.ToLastEvent(() => Ended(stream, family, store)) : entry.ToEvent(family.EventOf);
                await watcher.Write(one, stop);
            }

            await watcher.Flush(stop);
        }
    }

    private static async Task<string> Ended(Guid stream, IWorkFamily family, WorkStore store)
    {
        var work = await store.Find(family, stream, CancellationToken.None);
        return work is null
            ? "null"
            : JsonSerializer.Serialize(await store.View(work, CancellationToken.None), FleetJson.Options);
    }

    /// <param name="Stream"><c>stdout</c> or <c>stderr</c>; of a model <c>content thinking tool_calls</c>.</param>
    /// <param name="Text">What was written; bytes that are no UTF-8 appear as U+FFFD.</param>
    /// <param name="Bytes">Base64 of what was written; left out where <paramref name="Text"/> says all of it.</param>
    private sealed record OutputEvent(
        string Stream,
        string Text,
        int Attempt,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Bytes);
}
