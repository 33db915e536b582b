namespace Fleet.Control.Platform.Work.Search;

/// <summary>The time in ids: the first 48 bits of a UUIDv7 are milliseconds since 1970 (RFC 9562, 5.7).</summary>
internal static class IdTime
{
    private const long Latest = (1L << 48) - 1;

    /// <summary>No id of this time and the slack, or later, is smaller.</summary>
    public static Guid First(DateTimeOffset at, TimeSpan slack = default)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var milliseconds = Math.Clamp(at.ToUnixTimeMilliseconds() + (long)slack.TotalMilliseconds, 0, Latest);
        for (var i = 5; i >= 0; i--, milliseconds >>= 8)
            bytes[i] = (byte)milliseconds;
        return new Guid(bytes, bigEndian: true);
    }
}
