using System.Text;
using System.Text.Json;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Models;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Models;

/// <summary>
/// Makes pieces of a job's journal. Attempts may follow each other; to the caller it is one answer, or it ends with a
/// failure, and never a mixture of two.
/// </summary>
internal sealed class AnswerReader(Guid job)
{
    private readonly SentText _said = new();
    private readonly SentText _thought = new();
    private readonly SentText _tools = new();
    private readonly StringBuilder _line = new();
    private int _attempt;
    private int _calls;

    /// <summary>Nothing can follow: the pieces ended with a failure.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The pieces of an entry that is not the last one.</summary>
    public IEnumerable<ModelPiece> Read(JournalEntry entry)
    {
        if (entry.Output is not { } bytes || HasFailed)
            return [];
        if (entry.Attempt != _attempt)
            Begin(entry.Attempt);
        return entry.Type switch
        {
            "content" => Text(_said, bytes, entry.At, text => new SaidPiece(entry.At, text)),
            "thinking" => Text(_thought, bytes, entry.At, text => new ThoughtPiece(entry.At, text)),
            "tool_calls" => Tools(bytes, entry.At),
            _ => [],
        };
    }

    /// <summary>The last pieces: what the result has beyond what was said piece by piece, and the end.</summary>
    public IEnumerable<ModelPiece> End(InferenceResult result, DateTimeOffset at)
    {
        if (HasFailed)
            return [];
        var thought = _thought.Complete(result.Message?.Thinking ?? "");
        var said = _said.Complete(result.Message?.Content ?? "");
        if (said is null || thought is null || _tools.IsBehind)
            return [Diverge(at)];
        var pieces = new List<ModelPiece>();
        if (thought.Length > 0)
            pieces.Add(new ThoughtPiece(at, thought));
        if (said.Length > 0)
            pieces.Add(new SaidPiece(at, said));
        pieces.AddRange(Lines("\n", at));
        if (_calls == 0 && result.Message?.ToolCallsJson is { } calls)
            pieces.AddRange(Line(calls, at));
        pieces.Add(new EndPiece(at, result));
        return pieces;
    }

    private void Begin(int attempt)
    {
        _attempt = attempt;
        _said.StartOver();
        _thought.StartOver();
        _tools.StartOver();
    }

    private IEnumerable<ModelPiece> Text(SentText sent, byte[] bytes, DateTimeOffset at, Func<string, ModelPiece> piece) =>
        sent.Take(bytes) switch
        {
            null => [Diverge(at)],
            "" => [],
            var text => [piece(text)],
        };

    private List<ModelPiece> Tools(byte[] bytes, DateTimeOffset at) =>
        _tools.Take(bytes) is { } text ? Lines(text, at) : [Diverge(at)];

    /// <summary>A line is an array of calls, and may come in parts.</summary>
    private List<ModelPiece> Lines(string text, DateTimeOffset at)
    {
        var pieces = new List<ModelPiece>();
        _line.Append(text);
        var whole = _line.ToString();
        if (!whole.Contains('\n', StringComparison.Ordinal))
            return pieces;
        var lines = whole.Split('\n');
        _line.Clear().Append(lines[^1]);
        foreach (var line in lines[..^1].Where(line => !string.IsNullOrWhiteSpace(line)))
            pieces.AddRange(Line(line, at));
        return pieces;
    }

    private IEnumerable<ModelPiece> Line(string line, DateTimeOffset at)
    {
        IReadOnlyList<ToolCall> calls;
        try
        {
            calls = ToolCall.ReadAll(line);
        }
        catch (JsonException)
        {
            HasFailed = true;
            return [new FailurePiece(at, CallFailure.NoResult())];
        }

        var first = _calls;
        _calls += calls.Count;
        return calls.Count == 0 ? [] : [new ToolsPiece(at, first, calls)];
    }

    private FailurePiece Diverge(DateTimeOffset at)
    {
        HasFailed = true;
        return new FailurePiece(at, CallFailure.Diverged(WireId.Format(job)));
    }
}
