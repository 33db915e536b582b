using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Fleet.Protocol.Packets;

/// <summary>
/// The body of a request, field by field: integers are big-endian, and every read checks its own bounds. What is wrong ends it
/// with a <see cref="PacketFaultException"/>.
/// </summary>
public ref struct PacketReader(ReadOnlySpan<byte> body)
{
    /// <summary>Of every request that ends before its last field.</summary>
    public const string TooShort = "payload too short";

    /// <summary>Of every request that goes on behind its last field.</summary>
    public const string TooLong = "trailing bytes";

    private ReadOnlySpan<byte> _rest = body;

    /// <summary>Bytes that nobody read.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>So many bytes as they are.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count, TooShort);

    /// <summary>One byte.</summary>
    public byte ReadByte() => Take(1, TooShort)[0];

    /// <summary>Four bytes without a sign.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint), TooShort));

    /// <summary>Eight bytes without a sign.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(sizeof(ulong), TooShort));

    /// <summary>Eight bytes as IEEE 754 has them.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double), TooShort));

    /// <summary>A text behind one byte of its length.</summary>
    /// <param name="wrong">What is said of a length that cannot be.</param>
    /// <param name="needed">Bytes that have to follow it.</param>
    /// <param name="mayBeEmpty">Whether there may be none.</param>
    public string ReadShortText(string wrong, int needed = 0, bool mayBeEmpty = false)
    {
        int length = ReadByte();
        if ((length == 0 && !mayBeEmpty) || _rest.Length < length + needed)
            throw PacketFaultException.Invalid(wrong);
        return Text(Take(length, wrong), wrong);
    }

    /// <summary>A text behind two bytes of its length; it may be empty.</summary>
    /// <param name="wrong">What is said of a length that cannot be.</param>
    /// <param name="unreadable">What is said of bytes that are no text; the same, where it is left out.</param>
    public string ReadLongText(string wrong = TooShort, string? unreadable = null)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort), TooShort));
        return Text(Take(length, wrong), unreadable ?? wrong);
    }

    /// <summary>Nothing may follow.</summary>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
            throw PacketFaultException.Invalid(TooLong, $"{_rest.Length}");
    }

    private static string Text(ReadOnlySpan<byte> bytes, string wrong) =>
        !Utf8.IsValid(bytes) ? throw PacketFaultException.Invalid(wrong, "this is not UTF-8")
        : bytes.Contains((byte)0) ? throw PacketFaultException.Invalid(wrong, "this holds a NUL character")
        : Encoding.UTF8.GetString(bytes);

    private ReadOnlySpan<byte> Take(int count, string wrong)
    {
        if (_rest.Length < count)
            throw PacketFaultException.Invalid(wrong);
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
