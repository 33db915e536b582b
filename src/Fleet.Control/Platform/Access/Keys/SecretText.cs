using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>
/// The text of a secret that Fleet gives out: a prefix that says what it opens, and 256 random bits as 43 characters of
/// base64url. Only SHA-256 of the text is kept.
/// </summary>
internal static class SecretText
{
    /// <summary>What a client proves itself with.</summary>
    public const string ApiKey = "fleet_";

    /// <summary>What an enrolled agent proves itself with.</summary>
    public const string AgentToken = "fleet_agent_";

    /// <summary>Makes one agent of whoever shows it first.</summary>
    public const string Enrolment = "fleet_enrol_";

    /// <summary>What an announced agent asks with whether it was approved.</summary>
    public const string Claim = "fleet_claim_";

    private const string Scheme = "Bearer ";
    private const int SecretBytes = 32;
    private const int SecretLetters = 43;
    private const int LongestPrefix = 12;

    public static string New(string prefix) =>
        prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>False for what cannot be such a secret, so that nobody has to look it up.</summary>
    public static bool TryHash(ReadOnlySpan<char> text, string prefix, out KeyHash hash)
    {
        hash = default;
        if (text.Length != prefix.Length + SecretLetters
            || !text.StartsWith(prefix, StringComparison.Ordinal)
            || !IsBase64Url(text[prefix.Length..]))
        {
            return false;
        }

        Span<byte> ascii = stackalloc byte[LongestPrefix + SecretLetters];
        var length = Encoding.ASCII.GetBytes(text, ascii);
        Span<byte> sha256 = stackalloc byte[KeyHash.Size];
        SHA256.HashData(ascii[..length], sha256);
        hash = KeyHash.FromBytes(sha256);
        return true;
    }

    /// <summary>For secrets that Fleet has just made.</summary>
    public static KeyHash Hash(string text, string prefix) => TryHash(text, prefix, out var hash)
        ? hash
        : throw new ArgumentException("This is not the text of such a secret.", nameof(text));

    /// <summary>What stands behind <c>Authorization: Bearer</c>; empty when nothing does.</summary>
    public static string OfBearer(HttpRequest request) =>
        request.Headers.Authorization is [{ } text] && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? text[Scheme.Length..].TrimStart(' ') // one blank or more (RFC 9110, 11.4)
            : "";

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
