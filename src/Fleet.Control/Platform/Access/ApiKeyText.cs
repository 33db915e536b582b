using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Control.Platform.Access;

/// <summary>The text of a key: <c>fleet_</c> and 256 random bits as 43 characters of base64url.</summary>
internal static class ApiKeyText
{
    public const string Prefix = "fleet_";
    private const int SecretBytes = 32;
    private const int Length = 6 + 43;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>False for what cannot be a key, so that nobody has to look it up.</summary>
    public static bool TryHash(ReadOnlySpan<char> text, out KeyHash hash)
    {
        hash = default;
        if (text.Length != Length
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !IsBase64Url(text[Prefix.Length..]))
        {
            return false;
        }

        Span<byte> ascii = stackalloc byte[Length];
        Encoding.ASCII.GetBytes(text, ascii);
        Span<byte> sha256 = stackalloc byte[KeyHash.Size];
        SHA256.HashData(ascii, sha256);
        hash = KeyHash.FromBytes(sha256);
        return true;
    }

    /// <summary>For keys that Fleet has just made.</summary>
    public static KeyHash Hash(string text) =>
        TryHash(text, out var hash) ? hash : throw new ArgumentException("This is not the text of a key.", nameof(text));

    private static bool IsBase64Url(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
                return false;
        }

        return true;
    }
}
