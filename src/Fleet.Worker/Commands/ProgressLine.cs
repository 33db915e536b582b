using System.Buffers.Text;
using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform;

namespace Fleet.Worker.Commands;

/// <summary>A line <c>::progress 0.4 text</c>: a fraction from 0 to 1, and whatever the work likes to say.</summary>
internal static class ProgressLine
{
    /// <summary>Bytes of the longest line that counts, its end included; what is longer is output.</summary>
    public const int Longest = 1024;

    private static ReadOnlySpan<byte> Beginning => "::progress "u8;

    /// <summary>Whether the first bytes of a line are those of a progress line.</summary>
    public static bool MayBecomeOne(ReadOnlySpan<byte> first) =>
        first.Length <= Beginning.Length ? Beginning.StartsWith(first) : first.StartsWith(Beginning);

    /// <summary>Null when the line is something else.</summary>
    public static ProgressReport? Read(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Beginning))
            return null;
        var rest = line[Beginning.Length..].Trim(" \t\r\n"u8);
        if (!Utf8Parser.TryParse(rest, out double fraction, out var length) || !(fraction is >= 0 and <= 1))
            return null;
        var text = rest[length..];
        return text.IsEmpty || text[0] is (byte)' ' or (byte)'\t'
            ? new ProgressReport(fraction, PlainText.Of(Encoding.UTF8.GetString(text.TrimStart(" \t"u8))))
            : null;
    }
}
