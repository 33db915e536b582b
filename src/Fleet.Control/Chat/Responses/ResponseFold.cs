using System.Text;
using System.Text.Json;
using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Chat.Responses;

/// <summary>
/// Makes the events of a response out of the journal of its turn, entry by entry. Nothing but the journal and the turn decides
/// on them, so they are the same whoever reads, and whenever. An attempt that begins as the former one did goes on from
/// there; when it says something else, what was said stays as an incomplete item, and the answer begins anew behind it.
/// </summary>
internal sealed class ResponseFold(AskedResponse asked)
{
    private readonly ResponseOutput _output = new(asked.Turn.CorrelationId);
    private readonly ResponseTranscript _said = new();
    private int _attempt;
    private bool _hasBegun;
    private long _number;

    /// <summary>The types of entries that matter.</summary>
    public static string[] Types { get; } =
        [.. TurnPieces.Streams.Where(stream => stream != TurnNote.Stream), "state", JournalEntry.End];

    public IReadOnlyList<ResponseItem> Output => _output.Items;

    /// <summary>Before every entry.</summary>
    public IReadOnlyList<ResponseEvent> Begin()
    {
        var status = asked.Terms.Background ? ResponseStatus.Queued : ResponseStatus.InProgress;
        var created = new ResponseEvent("response.created") { Response = Response.Begun(asked, status) };
        return Number(asked.Terms.Background ? [created, created with { Type = "response.queued" }] : [created]);
    }

    /// <summary>The events of an entry that is not the last one.</summary>
    public IReadOnlyList<ResponseEvent> Read(JournalEntry entry)
    {
        if (entry.Type == "state")
            return Number(!_hasBegun && IsStart(entry) ? InProgress() : []);
        if (entry.Output is null || !Types.Contains(entry.Type))
            return [];
        EnterAttempt(entry.Attempt);
        return Number([.. _hasBegun ? [] : InProgress(), .. PartsOf(entry).SelectMany(Take)]);
    }

    /// <summary>The events of the last entry: the rest of the answer, and the response as it stays.</summary>
    /// <param name="over">The turn as it ended.</param>
    public IReadOnlyList<ResponseEvent> End(AskedResponse over)
    {
        var result = TurnNotes.ReadResult(over.Turn.Result);
        var status = ResponseStatus.Of(over.Turn.State, result);
        var events = new List<ResponseEvent>();
        if (over.Turn.State == WorkStates.Succeeded && result is not null)
        {
            EnterAttempt(over.Turn.Attempt);
            events.AddRange(Complete(result));
        }

        events.AddRange(_output.Close(status == ResponseStatus.Completed ? status : ResponseStatus.Incomplete));
        events.Add(new ResponseEvent(ResponseStatus.EventOf(status)) { Response = Response.Of(over, _output.Items) });
        return Number(events);
    }

    private static bool IsStart(JournalEntry entry) =>
        JsonSerializer.Deserialize<JsonElement>(entry.Data!).GetProperty("to").GetString() == "running";

    private ResponseEvent[] InProgress()
    {
        _hasBegun = true;
        return [new ResponseEvent("response.in_progress") { Response = Response.Begun(asked, ResponseStatus.InProgress) }];
    }

    private void EnterAttempt(int attempt)
    {
        if (attempt != _attempt)
            _said.StartOver();
        _attempt = attempt;
    }

    private IEnumerable<ResponseEvent> Take(SaidPart said)
    {
        if (_said.Take(said) is { } fresh)
            return fresh.Length > 0 ? _output.Add(said with { Text = fresh }) : [];
        return Anew([.. _said.Heard, said]);
    }

    private List<ResponseEvent> Anew(IReadOnlyList<SaidPart> parts)
    {
        _said.Clear();
        return [.. _output.Abandon(), .. parts.SelectMany(Take)];
    }

    /// <summary>What the result has beyond what came in pieces.</summary>
    private List<ResponseEvent> Complete(TurnResult result)
    {
        var all = PartsOf(result);
        var said = string.Concat(_said.Heard.Where(part => part.Stream == TurnPieces.Content).Select(part => part.Text));
        var events = new List<ResponseEvent>();
        if (_said.Heard.Count == 0)
            events.AddRange(all.SelectMany(Take));
        else if (!result.Answer.StartsWith(said, StringComparison.Ordinal))
            return Anew(all);
        else
        {
            if (result.Answer.Length > said.Length)
                events.AddRange(Take(new SaidPart(TurnPieces.Content, result.Answer[said.Length..])));
            if (!_said.Heard.Any(part => part.Call is not null))
                events.AddRange(all.Where(part => part.Call is not null).SelectMany(Take));
        }

        if (_said.IsBehind)
            events.AddRange(Anew(all));
        return events;
    }

    private static List<SaidPart> PartsOf(TurnResult result)
    {
        var parts = new List<SaidPart>();
        if (result.Thinking is { Length: > 0 } thinking)
            parts.Add(new SaidPart(TurnPieces.Thinking, thinking));
        if (result.Answer.Length > 0)
            parts.Add(new SaidPart(TurnPieces.Content, result.Answer));
        parts.AddRange(Calls(result.ToolCallsJson));
        return parts;
    }

    private static IEnumerable<SaidPart> PartsOf(JournalEntry entry)
    {
        var text = Encoding.UTF8.GetString(entry.Output!);
        return entry.Type == TurnPieces.ToolCalls ? Calls(text) : [new SaidPart(entry.Type, text)];
    }

    private static IEnumerable<SaidPart> Calls(string? json)
    {
        try
        {
            return json is null ? [] : [.. ToolCall.ReadAll(json).Select(SaidPart.Of)];
        }
        catch (JsonException)
        {
            return []; // an agent may say anything
        }
    }

    private List<ResponseEvent> Number(IEnumerable<ResponseEvent> events) =>
        [.. events.Select(one => one with { SequenceNumber = _number++ })];
}
