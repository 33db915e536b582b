using System.Text;
using System.Text.Json;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Chat;
using Fleet.Control.Chat.Responses;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Tests.Chat.Responses;

/// <summary>The journal of a turn that was asked as a response, as a test writes it.</summary>
internal sealed class ResponseJournal
{
    private static readonly DateTimeOffset At = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly JsonElement Nothing = JsonSerializer.SerializeToElement(Array.Empty<string>());

    private readonly Turn _turn;
    private readonly List<JournalEntry> _entries = [];

    public ResponseJournal(bool background = false)
    {
        var terms = new ResponseTerms(
            "m", background, Store: true, null, Nothing, null, "auto", null, null, null, null, null, true, [], null);
        var spec = SpecJson.Write(new TurnSpec([new ChatMessage("user", "Well?")], "c", "u", "user", "m"));
        _turn = new Turn
        {
            CorrelationId = Guid.Parse("01997f2e-0000-7000-8000-000000000001"),
            State = WorkStates.Queued,
            CreatedAt = At,
            Spec = terms.AddTo(spec),
        };
        Enter("queued");
    }

    public IReadOnlyList<JournalEntry> Entries => _entries;

    public AskedResponse Asked => AskedResponse.Of(_turn)!;

    public ResponseJournal Attempt()
    {
        _turn.Attempt++;
        return Enter("assigned").Enter("running");
    }

    public ResponseJournal Say(string text) => Write(TurnPieces.Content, text);

    public ResponseJournal Think(string text) => Write(TurnPieces.Thinking, text);

    public ResponseJournal Call(string name, string arguments) => Write(TurnPieces.ToolCalls, CallsOf(name, arguments) + "\n");

    public ResponseJournal Write(string stream, string text) => Add(stream, null, Encoding.UTF8.GetBytes(text));

    public ResponseJournal Succeed(TurnResult result) => End(WorkStates.Succeeded, TurnNotes.Write(result));

    public ResponseJournal End(string state, string? result = null, string? error = null)
    {
        (_turn.State, _turn.Result, _turn.FinishedAt) = (state, result, At.AddMinutes(1));
        (_turn.ErrorCode, _turn.ErrorMessage) = (error, error is null ? null : "It broke.");
        return Add(JournalEntry.End, null, null);
    }

    /// <summary>Every event, in the order in which readers get them.</summary>
    public IReadOnlyList<ResponseEvent> Read()
    {
        var fold = new ResponseFold(Asked);
        return [.. fold.Begin(), .. _entries.SelectMany(entry => entry.IsLast ? fold.End(Asked) : fold.Read(entry))];
    }

    public static TurnResult Result(string answer, string? thinking = null, string? calls = null, string reason = "stop") => new(
        answer, "up", Streamed: true, "m", thinking, DoneReason: reason, ToolCallsJson: calls, InputTokens: 3, OutputTokens: 4);

    public static string CallsOf(string name, string arguments) =>
        $$$"""[{"function":{"name":"{{{name}}}","arguments":{{{arguments}}}}}]""";

    private ResponseJournal Enter(string state) => Add("state", JsonSerializer.Serialize(new { To = state }, FleetJson.Options), null);

    private ResponseJournal Add(string type, string? data, byte[]? output)
    {
        _entries.Add(new JournalEntry(_turn.CorrelationId, _entries.Count + 1, type, _turn.Attempt, At, data, output));
        return this;
    }
}
