using System.Diagnostics;
using System.Text.Json;

namespace Fleet.Bench.Inference;

/// <summary>
/// Holds one streamed answer against <c>w1 w2 w3 …</c>. Pieces may come together, but what came is at every moment the
/// beginning of the whole.
/// </summary>
internal sealed class AnswerChecker(string expected)
{
    private long _asked;
    private int _length;
    private bool _isDone;

    /// <summary>The text of the echo's counting.</summary>
    public static string Counted(int words) => string.Join(' ', Enumerable.Range(1, words).Select(number => $"w{number}"));

    /// <summary>Pieces with text.</summary>
    public int Pieces { get; private set; }

    /// <summary>Null until it came.</summary>
    public TimeSpan? FirstPiece { get; private set; }

    public TimeSpan Whole { get; private set; }

    /// <summary>The first thing that is not as it should be, or null.</summary>
    public string? Fault { get; private set; }

    public void Asked() => _asked = Stopwatch.GetTimestamp();

    public void Line(string line)
    {
        using var read = JsonDocument.Parse(line);
        var root = read.RootElement;
        if (_isDone)
            Fault ??= "something came after the end";
        if (root.TryGetProperty("error", out var error))
            Fault ??= $"error: {error}";
        if (root.TryGetProperty("message", out var message) && message.GetProperty("content").GetString() is { Length: > 0 } text)
            Piece(text);
        _isDone |= root.TryGetProperty("done", out var done) && done.GetBoolean();
    }

    public void Ended()
    {
        Whole = Stopwatch.GetElapsedTime(_asked);
        if (!_isDone)
            Fault ??= "no end came";
        if (_length != expected.Length)
            Fault ??= $"{_length} characters of {expected.Length} came";
    }

    private void Piece(string text)
    {
        FirstPiece ??= Stopwatch.GetElapsedTime(_asked);
        Pieces++;
        if (!expected.AsSpan(Math.Min(_length, expected.Length)).StartsWith(text, StringComparison.Ordinal))
            Fault ??= $"after {_length} characters came '{text}'";
        _length += text.Length;
    }
}
