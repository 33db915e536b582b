using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Chat.Paliad;

/// <summary>
/// The journal of a turn in the events of paliad's wire: <c>meta thinking content</c>, and one <c>end</c> or <c>error</c>. They
/// follow from the journal alone, so that every reader gets the same under the same ids. Nothing that was said is taken back:
/// an attempt that follows another has to begin with the text that is out, which is not said again; where it says something
/// else the stream fails, and the answer is to be recovered.
/// </summary>
internal sealed class PaliadEvents(Turn turn)
{
    /// <summary>Ids of one entry.</summary>
    public const int PerEntry = 2;

    private readonly List<char> _said = [];
    private int _attempt;
    private int _at;
    private bool _isInOnePiece;

    /// <summary>Nothing follows.</summary>
    public bool IsOver { get; private set; }

    /// <param name="over">With the last entry: the turn as it is then.</param>
    public IReadOnlyList<PaliadEvent> Take(JournalEntry entry, Turn? over = null)
    {
        if (IsOver)
            return [];
        if (entry.Attempt > _attempt)
            (_attempt, _at, _isInOnePiece) = (entry.Attempt, 0, false);
        var id = entry.Seq * PerEntry;
        if (entry.Seq == 1)
            return [Event(id, "meta", ("turn_id", turn.CorrelationId), ("started_at", PaliadTurn.Seconds(turn.CreatedAt)))];
        return entry.Type switch
        {
            TurnPieces.Content => Say(id, Encoding.UTF8.GetString(entry.Output!)),
            TurnNote.Stream => Note(id, TurnNotes.Read(entry.Output)),
            _ when entry.IsLast && over is not null => End(id, over),
            _ => [],
        };
    }

    private IReadOnlyList<PaliadEvent> Note(long id, TurnNote? note)
    {
        if (note is { Type: TurnNote.Meta, InOnePiece: true })
            _isInOnePiece = true;
        if (note is not { Type: TurnNote.Heartbeat, ElapsedSeconds: { } seconds })
            return [];
        List<(string, object?)> data = [("elapsed_seconds", seconds), ("since_first", _said.Count > 0)];
        if (note.Upstream == true)
            data.Add(("upstream", true));
        return [Event(id, "thinking", [.. data])];
    }

    private IReadOnlyList<PaliadEvent> Say(long id, string text)
    {
        var known = CollectionsMarshal.AsSpan(_said)[_at..];
        var same = Math.Min(known.Length, text.Length);
        if (!known[..same].SequenceEqual(text.AsSpan(0, same)))
            return [Restarted(id)];
        _at += text.Length;
        if (same == text.Length)
            return [];
        var isWhole = _isInOnePiece && _said.Count == 0;
        _said.AddRange(text.AsSpan(same));
        return [isWhole ? Event(id, "content", ("text", text)) : Delta(id, text[same..])];
    }

    private IReadOnlyList<PaliadEvent> End(long id, Turn over)
    {
        var result = PaliadTurn.ResultOf(over);
        if (over.State != WorkStates.Succeeded)
        {
            var message = over.ErrorMessage ?? $"The turn is {TurnStates.WordOf(over.State)}.";
            return [Fails(id, PaliadTurn.ErrorOf(over, result)!, message)];
        }

        var (answer, said) = (result?.Answer ?? "", new string(CollectionsMarshal.AsSpan(_said)));
        if (!answer.StartsWith(said, StringComparison.Ordinal))
            return [Restarted(id)];
        IsOver = true;
        var rest = answer[said.Length..];
        return rest.Length == 0 ? [Whole(id, over, result)] : [Delta(id, rest), Whole(id + 1, over, result)];
    }

    private PaliadEvent Whole(long id, Turn over, TurnResult? result)
    {
        List<(string, object?)> data =
        [
            ("turn_id", over.CorrelationId), ("used_tools", result?.UsedTools ?? []), ("rows_seen", result?.RowsSeen ?? []),
            ("chip_count", 0), ("classifier_tag", result?.ClassifierTag ?? ""), ("duration_ms", PaliadTurn.DurationOf(over) ?? 0),
        ];
        if (!_isInOnePiece)
            data.Add(("streamed", true));
        if (!_isInOnePiece && result?.UpstreamConversation is { } conversation)
            data.Add(("aichat_conversation_id", conversation));
        return Event(id, "end", [.. data]);
    }

    private PaliadEvent Restarted(long id) =>
        Fails(id, "upstream_error", "The answer was lost on its way and began anew: it can be recovered when it is whole.");

    private PaliadEvent Fails(long id, string code, string message)
    {
        IsOver = true;
        return Event(id, "error", ("code", code), ("message", message));
    }

    private static PaliadEvent Delta(long id, string text) => Event(id, "content", ("delta", text), ("streamed", true));

    private static PaliadEvent Event(long id, string name, params (string Name, object? Value)[] data) => new(
        id, name, JsonSerializer.Serialize(data.ToDictionary(field => field.Name, field => field.Value), FleetJson.Options));
}

/// <param name="Id">Later events have higher ones.</param>
internal sealed record PaliadEvent(long Id, string Name, string Data)
{
    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"id: {Id}\nevent: {Name}\ndata: {Data}\n\n");
}
