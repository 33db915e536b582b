using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Attempts;
using Fleet.Protocol.Text;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Attempts.Calls;

/// <summary>Gathers the pieces of one answer, and times them.</summary>
internal sealed class GatheredAnswer(string upstream, int most, TimeProvider clock)
{
    private const int LargestChunk = 32 * 1024;

    private readonly long _began = clock.GetTimestamp();
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _thinking = new();
    private readonly JsonArray _calls = [];
    private TimeSpan? _first;
    private int _bytes;
    private Answered? _end;

    public string Upstream => upstream;

    public string Content => _content.ToString();

    public string? Thinking => _thinking.Length > 0 ? _thinking.ToString() : null;

    public string? ToolCallsJson => _calls.Count > 0 ? _calls.ToJsonString() : null;

    public double? FirstMs => _first?.TotalMilliseconds;

    public double TotalMs => clock.GetElapsedTime(_began).TotalMilliseconds;

    /// <exception cref="UpstreamException">There is none.</exception>
    public Answered End => _end ?? throw UpstreamException.Cut(upstream, "it ended without its end.");

    /// <summary>What the piece adds to the streams of the attempt.</summary>
    /// <exception cref="UpstreamException">The answer is longer than it may be.</exception>
    public IReadOnlyList<OutputChunk> Take(ModelPiece piece)
    {
        switch (piece)
        {
            case Said(var text):
                Begin();
                _content.Append(text);
                return Chunks("content", text);
            case Thought(var text):
                Begin();
                _thinking.Append(text);
                return Chunks("thinking", text);
            case Called(var json):
                Begin();
                foreach (var one in JsonNode.Parse(json)!.AsArray())
                    _calls.Add(one?.DeepClone());
                return Chunks("tool_calls", json + "\n");
            case Answered end:
                Begin();
                _end = end;
                return [];
            default:
                return [];
        }
    }

    private void Begin() => _first ??= clock.GetElapsedTime(_began);

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
