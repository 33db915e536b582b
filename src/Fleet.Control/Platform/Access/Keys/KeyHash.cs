using System.Buffers.Binary;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>SHA-256 of a key's text: all that is kept of it.</summary>
internal readonly record struct KeyHash(UInt128 High, UInt128 Low)
{
    public const int Size = 32;

    public static KeyHash FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }

    /// <summary>The bits are as good as random already.</summary>
    public override int GetHashCode() => (int)(uint)Low;
}
