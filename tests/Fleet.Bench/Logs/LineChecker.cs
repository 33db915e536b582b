using System.Globalization;
using System.Text;

namespace Fleet.Bench.Logs;

/// <summary>
/// Reads the numbered lines of a log however they are cut, and counts what is missing or repeated. The first line is
/// <c>start SECONDS</c>, the clock when numbering began; every other starts with its number.
/// </summary>
internal sealed class LineChecker(int last)
{
    private const int LongestHead = 64;

    private readonly byte[] _head = new byte[LongestHead];
    private int _headLength;
    private long _expected = 1;

    public long Lines { get; private set; }

    public long Missing { get; private set; }

    public long Repeated { get; private set; }

    /// <summary>When the script began to number, in seconds of the Unix epoch.</summary>
    public double StartedAt { get; private set; }

    public void Read(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            Keep(end < 0 ? text : text[..end]);
            if (end < 0)
                return;
            EndLine();
            text = text[(end + 1)..];
        }
    }

    /// <summary>Nothing follows: what was expected and did not come, or has no line end, is missing.</summary>
    public void End()
    {
        Missing += Math.Max(0, last + 1 - _expected);
        _expected = last + 1;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        part = part[..Math.Min(part.Length, LongestHead - _headLength)];
        part.CopyTo(_head.AsSpan(_headLength));
        _headLength += part.Length;
    }

    private void EndLine()
    {
        var line = _head.AsSpan(0, _headLength);
        _headLength = 0;
        if (line.StartsWith("start "u8))
        {
            StartedAt = double.Parse(Encoding.ASCII.GetString(line[6..]), CultureInfo.InvariantCulture);
            return;
        }

        Lines++;
        // a line without a number breaks the sequence as much as a missing one
        var number = System.Buffers.Text.Utf8Parser.TryParse(line, out long value, out _) ? value : 0;
        if (number < _expected)
        {
            Repeated++;
            return;
        }

        Missing += number - _expected;
        _expected = number + 1;
    }
}
