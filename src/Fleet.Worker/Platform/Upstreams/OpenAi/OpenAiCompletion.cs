using System.Text;
using System.Text.Json;

namespace Fleet.Worker.Platform.Upstreams.OpenAi;

/// <summary>
/// Puts the events of one completion together: text goes on at once, calls of tools come in fragments and are whole only
/// at the end.
/// </summary>
internal sealed class OpenAiCompletion(string upstream)
{
    private const int MostCalls = 128;

    private readonly SortedDictionary<long, ToolCall> _calls = [];
    private string? _reason;
    private long? _promptTokens;
    private long? _completionTokens;

    /// <summary>Nothing follows.</summary>
    public bool IsOver { get; private set; }

    /// <param name="line">A line of the event stream; what is no data says nothing.</param>
    public List<ModelPiece> Take(ReadOnlyMemory<byte> line)
    {
        if (!line.Span.StartsWith("data:"u8))
        {
            return line.Span[0] is (byte)':' or (byte)'e' or (byte)'i' or (byte)'r' // a comment, event, id or retry
                ? []
                : throw UpstreamException.Rubbish(
                    upstream, $"it is no event stream, and begins with: {UpstreamJson.Beginning(line)}");
        }

        var data = line["data:".Length..];
        if (data.Span.Trim(" "u8).SequenceEqual("[DONE]"u8))
        {
            IsOver = true;
            return [];
        }

        using var document = UpstreamJson.Parse(upstream, data);
        return Take(document.RootElement);
    }

    /// <exception cref="UpstreamException">It ended without having come to its end.</exception>
    public List<ModelPiece> End()
    {
        if (_reason is null)
            throw UpstreamException.Cut(upstream, "it ended without saying why.");
        var pieces = new List<ModelPiece>();
        if (_calls.Count > 0)
            pieces.Add(new Called(JsonSerializer.Serialize(_calls.Values.Select(call => call.View()))));
        pieces.Add(new Answered(_reason, _promptTokens, _completionTokens));
        return pieces;
    }

    private List<ModelPiece> Take(JsonElement said)
    {
        if (UpstreamRefusal.SentenceOf(said) is { } error)
            throw UpstreamException.Error(upstream, error);
        if (said.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            _promptTokens = UpstreamJson.Number(usage, "prompt_tokens");
            _completionTokens = UpstreamJson.Number(usage, "completion_tokens");
        }

        var pieces = new List<ModelPiece>();
        if (!said.TryGetProperty("choices", out var choices) || choices.GetArrayLength() == 0)
            return pieces;
        var choice = choices[0];
        _reason = UpstreamJson.Text(choice, "finish_reason") ?? _reason;
        if (choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object)
            Take(delta, pieces);
        return pieces;
    }

    private void Take(JsonElement delta, List<ModelPiece> pieces)
    {
        if ((UpstreamJson.Text(delta, "reasoning_content") ?? UpstreamJson.Text(delta, "reasoning")) is { Length: > 0 } thinking)
            pieces.Add(new Thought(thinking));
        if (UpstreamJson.Text(delta, "content") is { Length: > 0 } content)
            pieces.Add(new Said(content));
        if (!delta.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
            return;
        foreach (var call in calls.EnumerateArray())
        {
            var index = UpstreamJson.Number(call, "index") ?? _calls.Count;
            if (!_calls.TryGetValue(index, out var known))
            {
                if (_calls.Count >= MostCalls)
                    throw UpstreamException.Rubbish(upstream, $"it calls more than {MostCalls} tools at once.");
                _calls[index] = known = new ToolCall();
            }

            known.Add(call);
        }

        pieces.Add(new Lived());
    }

    /// <summary>One call, as its fragments come.</summary>
    private sealed class ToolCall
    {
        private readonly StringBuilder _arguments = new();
        private string? _id;
        private string _name = "";

        public void Add(JsonElement fragment)
        {
            _id = UpstreamJson.Text(fragment, "id") ?? _id;
            if (!fragment.TryGetProperty("function", out var function))
                return;
            _name += UpstreamJson.Text(function, "name");
            _arguments.Append(UpstreamJson.Text(function, "arguments"));
        }

        public object View() => new { id = _id, function = new { name = _name, arguments = Arguments() } };

        /// <summary>An object, as it should be; what a model wrote wrongly stays the text it is.</summary>
        private JsonElement Arguments()
        {
            var text = _arguments.Length > 0 ? _arguments.ToString() : "{}";
            try
            {
                using var document = JsonDocument.Parse(text);
                return document.RootElement.Clone();
            }
            catch (JsonException)
            {
                return JsonSerializer.SerializeToElement(text);
            }
        }
    }
}
