using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Fleet.Protocol.Packets;

/// <summary>What kind of answer it is.</summary>
public enum PacketType : byte
{
    /// <summary>One section of JSON.</summary>
    Success = 0,

    /// <summary>A code byte, a message, details.</summary>
    Error = 1,

    /// <summary>How far something is.</summary>
    Progress = 2,

    /// <summary>A state.</summary>
    Status = 3,

    /// <summary>The name of a type, and a payload.</summary>
    Data = 4,

    /// <summary>A number, the name of a stream, and a text.</summary>
    Log = 5,
}

/// <summary>
/// An answer on the wire: <c>[type:1][unix_ms:8]</c>, then sections, each <c>[uvarint length][bytes]</c>.
/// </summary>
public sealed record Packet(PacketType Type, long UnixMs, IReadOnlyList<ReadOnlyMemory<byte>> Sections)
{
    private const int Head = 1 + sizeof(long);
    private const int LongestLength = 10;

    /// <param name="json">With <c>success</c> in it.</param>
    public static byte[] Success(long unixMs, ReadOnlySpan<byte> json) => Write(PacketType.Success, unixMs, json);

    /// <summary>A code, a message and details.</summary>
    public static byte[] Error(long unixMs, PacketError error, string message, string details) =>
        Write(PacketType.Error, unixMs, [(byte)error], Encoding.UTF8.GetBytes(message), Encoding.UTF8.GetBytes(details));

    /// <summary>A payload, usually of JSON, with the name of its type.</summary>
    public static byte[] Data(long unixMs, string type, ReadOnlySpan<byte> payload) =>
        Write(PacketType.Data, unixMs, Encoding.UTF8.GetBytes(type), payload);

    /// <summary>What a job wrote.</summary>
    /// <param name="seq">Eight bytes on the wire: asking for what follows it goes on from there.</param>
    public static byte[] Log(long unixMs, long seq, string stream, ReadOnlySpan<byte> text)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, seq);
        return Write(PacketType.Log, unixMs, number, Encoding.UTF8.GetBytes(stream), text);
    }

    /// <summary>Reads what <see cref="Success"/> and its like write.</summary>
    /// <exception cref="PacketFaultException">It is no packet.</exception>
    public static Packet Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < Head || bytes.Span[0] > (byte)PacketType.Log)
            throw PacketFaultException.Invalid("this is no packet");
        var sections = new List<ReadOnlyMemory<byte>>();
        for (var rest = bytes[Head..]; !rest.IsEmpty;)
        {
            var (length, size) = ReadLength(rest.Span);
            if (length > (ulong)(rest.Length - size))
                throw PacketFaultException.Invalid("a section is longer than its packet");
            sections.Add(rest.Slice(size, (int)length));
            rest = rest[(size + (int)length)..];
        }

        return new Packet((PacketType)bytes.Span[0], BinaryPrimitives.ReadInt64BigEndian(bytes.Span[1..]), sections);
    }

    /// <summary>A section as text.</summary>
    public string Text(int section) => Encoding.UTF8.GetString(Sections[section].Span);

    private static byte[] Write(
        PacketType type, long unixMs, ReadOnlySpan<byte> one, ReadOnlySpan<byte> two = default, ReadOnlySpan<byte> three = default)
    {
        var sections = type switch { PacketType.Success => 1, PacketType.Data => 2, _ => 3 };
        var packet = new ArrayBufferWriter<byte>(Head + one.Length + two.Length + three.Length + (3 * LongestLength));
        var head = packet.GetSpan(Head);
        head[0] = (byte)type;
        BinaryPrimitives.WriteInt64BigEndian(head[1..], unixMs);
        packet.Advance(Head);
        Section(packet, one);
        if (sections > 1)
            Section(packet, two);
        if (sections > 2)
            Section(packet, three);
        return packet.WrittenSpan.ToArray();
    }

    private static void Section(ArrayBufferWriter<byte> packet, ReadOnlySpan<byte> bytes)
    {
        var length = packet.GetSpan(LongestLength);
        var size = 0;
        var left = (uint)bytes.Length;
        for (; left >= 0x80; left >>= 7)
            length[size++] = (byte)(left | 0x80);
        length[size++] = (byte)left;
        packet.Advance(size);
        packet.Write(bytes);
    }

    private static (ulong Length, int Size) ReadLength(ReadOnlySpan<byte> bytes)
    {
        var length = 0UL;
        for (var i = 0; i < Math.Min(bytes.Length, LongestLength); i++)
        {
            length |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
                return (length, i + 1);
        }

        throw PacketFaultException.Invalid("the length of a section does not end");
    }
}
