using System.Text;
using System.Text.Json;
using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work.Endpoints;

namespace Fleet.Control.Chat;

/// <summary>
/// The journal of a turn as its watchers see it: <c>state meta thinking delta tool</c>, and at last <c>end</c>, the turn. A
/// new attempt is a state with its number, and what it says starts anew.
/// </summary>
internal static class TurnEvents
{
    public static (string Name, string Data) Of(JournalEntry entry) => entry.Type switch
    {
        TurnPieces.Content => ("delta", Write(new DeltaEvent(Text(entry), entry.Attempt))),
        TurnPieces.Thinking => ("thinking", Write(new ThinkingEvent(Text(entry), null, false, entry.Attempt))),
        TurnPieces.ToolCalls => ("tool", Write(new ToolEvent(null, Calls(entry.Output), entry.Attempt))),
        TurnNote.Stream => Note(entry),
        "state" => ("state", State(entry.Data!)),
        _ => WorkStream.EventOf(entry),
    };

    private static (string Name, string Data) Note(JournalEntry entry) => TurnNotes.Read(entry.Output) switch
    {
        { Type: TurnNote.Heartbeat } beat =>
            ("thinking", Write(new ThinkingEvent(null, beat.ElapsedSeconds, beat.Upstream ?? false, entry.Attempt))),
        { Type: TurnNote.Tool } tool => ("tool", Write(new ToolEvent(tool.ToolName, null, entry.Attempt))),
        var meta => ("meta", Write(new MetaEvent(
            meta?.UsedTools ?? [], meta?.RowsSeen ?? [], meta?.ClassifierTag, meta?.UpstreamConversation, entry.Attempt))),
    };

    private static string State(string data)
    {
        var change = JsonSerializer.Deserialize<StateEvent>(data, FleetJson.Options)!;
        return Write(change with { From = TurnStates.WordOf(change.From), To = TurnStates.WordOf(change.To)! });
    }

    private static string Text(JournalEntry entry) => Encoding.UTF8.GetString(entry.Output!);

    private static JsonElement? Calls(byte[]? line)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(line);
        }
        catch (JsonException)
        {
            return null; // an agent may say anything
        }
    }

    private static string Write<T>(T said) => JsonSerializer.Serialize(said, FleetJson.Options);

    private sealed record DeltaEvent(string Text, int Attempt);

    /// <param name="Text">What the model thinks; null where only time passed.</param>
    /// <param name="ElapsedSeconds">Since the request, where nothing was said for a while.</param>
    /// <param name="Upstream">The upstream itself said that it lives.</param>
    private sealed record ThinkingEvent(string? Text, int? ElapsedSeconds, bool Upstream, int Attempt);

    /// <param name="Name">A tool that the upstream used by itself.</param>
    /// <param name="Calls">What the model wants to be called.</param>
    private sealed record ToolEvent(string? Name, JsonElement? Calls, int Attempt);

    private sealed record MetaEvent(
        IReadOnlyList<string> UsedTools,
        IReadOnlyList<int> RowsSeen,
        string? ClassifierTag,
        string? UpstreamConversation,
        int Attempt);

    private sealed record StateEvent(string? From, string To, int Attempt, string? Reason, string? Agent);
}
