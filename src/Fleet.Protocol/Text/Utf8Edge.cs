namespace Fleet.Protocol.Text;

/// <summary>Where a piece of text may be cut.</summary>
public static class Utf8Edge
{
    private const int LongestBeginning = 3;

    /// <summary>How many bytes at the end begin a UTF-8 character whose rest is missing: 0 to 3.</summary>
    public static int CutBytes(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(LongestBeginning, bytes.Length); back++)
        {
            var letter = bytes[^back];
            if (IsContinuation(letter))
                continue;
            return LengthAfter(letter) > back ? back : 0;
        }

        return 0;
    }

    private static bool IsContinuation(byte letter) => (letter & 0xC0) == 0x80;

    private static int LengthAfter(byte first) => first switch
    {
        >= 0xC2 and <= 0xDF => 2,
        >= 0xE0 and <= 0xEF => 3,
        >= 0xF0 and <= 0xF4 => 4,
        _ => 1,
    };
}
