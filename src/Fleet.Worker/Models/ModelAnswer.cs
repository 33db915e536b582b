using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Models;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Models;

/// <summary>Gathers the pieces of one answer, and times them.</summary>
internal sealed class ModelAnswer(InferenceSpec call, string upstream, int most, TimeProvider clock)
{
    private const int LargestChunk = 32 * 1024;

    /// <summary>Vectors as text: many short numbers, each byte of which stays one on the way.</summary>
    private const int MostEmbeddingBytes = 8 * 1024 * 1024;

    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly long _began = clock.GetTimestamp();
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _thinking = new();
    private readonly JsonArray _calls = [];
    private TimeSpan? _first;
    private int _bytes;
    private Answered? _end;

    /// <summary>What the piece adds to the streams of the attempt.</summary>
    /// <exception cref="UpstreamException">The answer is longer than it may be.</exception>
    public IEnumerable<OutputChunk> Take(ModelPiece piece)
    {
        _first ??= clock.GetElapsedTime(_began);
        switch (piece)
        {
            case Said(var text):
                _content.Append(text);
                return Chunks("content", text);
            case Thought(var text):
                _thinking.Append(text);
                return Chunks("thinking", text);
            case Called(var json):
                foreach (var one in JsonNode.Parse(json)!.AsArray())
                    _calls.Add(one?.DeepClone());
                return Chunks("tool_calls", json + "\n");
            case Answered end:
                _end = end;
                return [];
            default:
                return [];
        }
    }

    /// <summary>The <see cref="InferenceResult"/>.</summary>
    /// <exception cref="UpstreamException">It is longer than it may be.</exception>
    public string ToJson()
    {
        var end = _end ?? throw UpstreamException.Cut(upstream, "it ended without its end.");
        var json = JsonSerializer.Serialize(
            new InferenceResult(
                call.Model,
                clock.GetUtcNow(),
                end.Embeddings is null ? Message() : null,
                end.Embeddings,
                end.DoneReason,
                upstream,
                end.PromptTokens,
                end.CompletionTokens,
                _first?.TotalMilliseconds,
                clock.GetElapsedTime(_began).TotalMilliseconds,
                end.LoadMs,
                end.PromptMs,
                end.CompletionMs),
            _json);
        return end.Embeddings is not null && json.Length > MostEmbeddingBytes
            ? throw UpstreamException.TooLong(upstream, MostEmbeddingBytes)
            : json;
    }

    private ChatMessage Message() => new(
        "assistant",
        _content.ToString(),
        _thinking.Length > 0 ? _thinking.ToString() : null,
        ToolCallsJson: _calls.Count > 0 ? _calls.ToJsonString() : null);

    private List<OutputChunk> Chunks(string stream, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _bytes += bytes.Length;
        if (_bytes > most)
            throw UpstreamException.TooLong(upstream, most);
        var chunks = new List<OutputChunk>(1);
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(LargestChunk, bytes.Length - at);
            if (at + length < bytes.Length)
                length -= Utf8Edge.CutBytes(bytes.AsSpan(at, length));
            chunks.Add(new OutputChunk(stream, at == 0 && length == bytes.Length ? bytes : bytes[at..(at + length)]));
            at += length;
        }

        return chunks;
    }
}
