using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Fleet.Bench.Turns;

/// <summary>Reads a stream of <c>delta</c> events to its <c>end</c>.</summary>
internal static class EventReader
{
    /// <param name="first">Called when the first piece came.</param>
    public static async Task Read(Stream events, AnswerText answer, Action? first, CancellationToken stop)
    {
        await foreach (var one in SseParser.Create(events, (_, data) => TextOf(data)).EnumerateAsync(stop))
        {
            if (one.EventType == "end")
                return;
            if (one.EventType != "delta")
                continue;
            first?.Invoke();
            first = null;
            answer.Take(one.Data);
        }

        throw new InvalidDataException("The stream ended without its end.");
    }

    private static string TextOf(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1 || !json.ValueTextEquals("text"u8))
                continue;
            json.Read();
            return json.GetString() ?? "";
        }

        return "";
    }
}
