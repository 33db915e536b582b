using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Chat;
using Fleet.Protocol.Text;

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
        var isText = chunk.Stream is Content or Thinking;
        var end = isText ? all.Length - Utf8Edge.CutBytes(all) : Array.LastIndexOf(all, (byte)'\n') + 1;
        if (end < all.Length && all.Length - end <= LongestLine)
            rests[chunk.Stream] = all[end..];
        turn.Rests = rests.Count > 0 ? JsonSerializer.Serialize(rests) : null;
        return end == 0 ? [] : isText ? [all[..end]] : Lines(all[..end]);
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
