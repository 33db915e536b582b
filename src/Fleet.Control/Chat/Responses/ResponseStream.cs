using Fleet.Control.Platform.Journal;

namespace Fleet.Control.Chat.Responses;

/// <summary>Writes the events of a response to whoever follows it.</summary>
internal static class ResponseStream
{
    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();

    /// <param name="after">The last sequence number that the reader has; -1 where it has none.</param>
    public static async Task<IResult> Write(
        HttpContext context, ResponseReader reader, AskedResponse asked, long after, CancellationToken stop)
    {
        var stream = EventStream.Begin(context.Response);
        await foreach (var events in reader.Follow(asked, stop))
        {
            if (events.Count == 0)
                await stream.Write(Comment, stop);
            foreach (var one in events.Where(one => one.SequenceNumber > after))
                await stream.Write(one.ToEvent(), stop);
            await stream.Flush(stop);
        }

        return Results.Empty;
    }
}
