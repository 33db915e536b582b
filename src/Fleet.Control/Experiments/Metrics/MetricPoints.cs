using System.Buffers.Binary;

namespace Fleet.Control.Experiments.Metrics;

/// <summary>A value of a metric.</summary>
/// <param name="Step">Null where it has none.</param>
internal readonly record struct Point(long? Step, DateTimeOffset At, double Value);

/// <summary>A value with the name of its metric.</summary>
internal readonly record struct NamedPoint(string Name, Point Point);

/// <summary>Points as they lie in the database: 24 bytes each, big-endian: step, milliseconds since 1970, value.</summary>
internal static class PointBytes
{
    public const int Size = 3 * sizeof(long);

    private const long NoStep = long.MinValue;

    public static byte[] Write(IReadOnlyList<Point> points)
    {
        var bytes = new byte[points.Count * Size];
        for (var i = 0; i < points.Count; i++)
        {
            var one = bytes.AsSpan(i * Size, Size);
            BinaryPrimitives.WriteInt64BigEndian(one, points[i].Step ?? NoStep);
            BinaryPrimitives.WriteInt64BigEndian(one[sizeof(long)..], points[i].At.ToUnixTimeMilliseconds());
            BinaryPrimitives.WriteDoubleBigEndian(one[(2 * sizeof(long))..], points[i].Value);
        }

        return bytes;
    }

    public static RawPoint Read(ReadOnlySpan<byte> bytes, int number)
    {
        var one = bytes.Slice(number * Size, Size);
        return new RawPoint(
            BinaryPrimitives.ReadInt64BigEndian(one),
            BinaryPrimitives.ReadInt64BigEndian(one[sizeof(long)..]),
            BinaryPrimitives.ReadDoubleBigEndian(one[(2 * sizeof(long))..]));
    }

    /// <summary>A point as it lies there: of a million only a few are looked at closer.</summary>
    internal readonly record struct RawPoint(long Step, long UnixMs, double Value)
    {
        public Point ToPoint() =>
            new(Step == NoStep ? null : Step, DateTimeOffset.FromUnixTimeMilliseconds(UnixMs), Value);
    }
}
