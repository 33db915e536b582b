using System.Text;
using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;

namespace Fleet.Control.Chat;

/// <summary>
/// Makes of what an agent wrote entries of which each can be read alone: texts end with a whole character, notes and calls
/// of tools are whole lines. What is cut off waits for its rest.
/// </summary>
internal static class TurnPieces
{
    public const string Content = "content";
    public const string Thinking = "thinking";
    public const string ToolCalls = "tool_calls";

    /// <summary>Every stream of a turn.</summary>
    public static IReadOnlyList<string> Streams { get; } = [Content, Thinking, ToolCalls, TurnNote.Stream];

    /// <summary>Bytes of a line; a longer one is left out.</summary>
    private const int LongestLine = 256 * 1024;

    public static IEnumerable<byte[]> Take(Turn turn, OutputChunk chunk)
    {
        var rests = turn.Rests is { } kept ? JsonSerializer.Deserialize<Dictionary<string, byte[]>>(kept)! : [];
        byte[] all = rests.Remove(chunk.Stream, out var before) ? [.. before, .. chunk.Bytes] : chunk.Bytes;
        var end = chunk.Stream is Content or Thinking ? EndOfCharacters(all) : Array.LastIndexOf(all, (byte)'\n') + 1;
        if (end < all.Length && all.Length - end <= LongestLine)
            rests[chunk.Stream] = all[end..];
        turn.Rests = rests.Count > 0 ? JsonSerializer.Serialize(rests) : null;
        return end == 0 ? [] : chunk.Stream is Content or Thinking ? [all[..end]] : Lines(all[..end]);
    }

    /// <summary>How many bytes come before a character that has begun and not ended.</summary>
    private static int EndOfCharacters(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var start = bytes.Length - back;
            if ((bytes[start] & 0xC0) == 0x80)
                continue; // inside of a character
            return Rune.DecodeFromUtf8(bytes[start..], out _, out _) == System.Buffers.OperationStatus.NeedMoreData
                ? start
                : bytes.Length;
        }

        return bytes.Length;
    }

    private static IEnumerable<byte[]> Lines(byte[] lines)
    {
        for (var start = 0; start < lines.Length;)
        {
            var end = Array.IndexOf(lines, (byte)'\n', start) + 1;
            if (end - start > 1)
                yield return lines[start..end];
            start = end;
        }
    }
}
