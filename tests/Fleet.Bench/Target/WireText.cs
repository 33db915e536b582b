namespace Fleet.Bench.Target;

/// <summary>Ids as the API writes them: 26 characters of Crockford's base32.</summary>
internal static class WireText
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string Of(Guid id)
    {
        var value = new UInt128(0, 0);
        foreach (var one in id.ToByteArray(bigEndian: true))
            value = (value << 8) | one;
        var text = new char[26];
        for (var i = 25; i >= 0; i--, value >>= 5)
            text[i] = Alphabet[(int)(value & 31)];
        return new string(text);
    }
}
