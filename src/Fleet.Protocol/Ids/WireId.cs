namespace Fleet.Protocol.Ids;

/// <summary>
/// How an id looks outside: the 128 bits of a UUIDv7 as 26 characters of Crockford's base32, which is a valid ULID
/// (https://github.com/ulid/spec). Upper case when written, any case when read.
/// </summary>
public static class WireId
{
    /// <summary>Characters of an id on the wire.</summary>
    public const int Length = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>A new id; later ids sort after earlier ones.</summary>
    public static Guid New() => Guid.CreateVersion7();

    public static string Format(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var value = new UInt128(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        Span<char> text = stackalloc char[Length];
        for (var i = Length - 1; i >= 0; i--, value >>= 5)
            text[i] = Alphabet[(int)(value & 31)];
        return new string(text);
    }

    /// <summary>False for anything that is not 26 base32 characters within 128 bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Guid id)
    {
        id = Guid.Empty;
        if (text.Length != Length || text[0] > '7')
            return false;
        UInt128 value = 0;
        foreach (var letter in text)
        {
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            if (digit < 0)
                return false;
            value = (value << 5) | (uint)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)(value >> 64));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (ulong)value);
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}
