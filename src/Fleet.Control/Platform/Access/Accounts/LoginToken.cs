using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Control.Platform.Http.Values;

namespace Fleet.Control.Platform.Access.Accounts;

/// <summary>
/// What a login gives: a JSON Web Token (RFC 7519) signed with HMAC-SHA-256 (RFC 7518, 3.2), for the audience <c>kanade</c>. It
/// says who logged in and until when it holds; what the account may do is looked up with every request.
/// </summary>
internal static class LoginToken
{
    public const string Audience = "kanade";

    private const string Algorithm = "HS256";
    private const int Longest = 4096;

    private static readonly string Head = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    public static string Write(string username, int epoch, string role, DateTimeOffset until, byte[] key)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["sub"] = username,
            ["aud"] = Audience,
            ["exp"] = until.ToUnixTimeSeconds(),
            ["roles"] = new[] { role },
            ["epoch"] = epoch,
        });
        var signed = $"{Head}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(signed, key))}";
    }

    /// <summary>Whether a text looks like such a token, right or wrong; API keys never do.</summary>
    public static bool LooksLikeOne(string text) => text.Count(letter => letter == '.') == 2;

    /// <summary>Who logged in, or why it is not to be believed.</summary>
    public static (LoginClaims? Claims, string? Why) Read(string text, byte[] key, DateTimeOffset now)
    {
        if (text.Length > Longest || text.Split('.') is not [var head, var body, var signature])
            return (null, "InvalidToken");
        if (Parse(head) is not { } header || Parse(body) is not { } claims)
            return (null, "InvalidToken");
        if (Text(header, "alg") != Algorithm)
            return (null, "InvalidAlgorithm");
        if (!IsSigned($"{head}.{body}", signature, key))
            return (null, "InvalidSignature");
        if (!IsMeantForUs(claims))
            return (null, "InvalidAudience");
        if (!claims.TryGetProperty("exp", out var exp) || exp.ValueKind != JsonValueKind.Number || !exp.TryGetInt64(out var until))
            return (null, "Missing required claim: exp");
        if (until <= now.ToUnixTimeSeconds())
            return (null, "ExpiredSignature");
        return Text(claims, "sub") is { Length: > 0 } name
            ? (new LoginClaims(name, Number(claims, "epoch")), null)
            : (null, "Missing required claim: sub");
    }

    private static bool IsSigned(string text, string signature, byte[] key)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        return Base64Url.IsValid(signature)
            && Base64Url.TryDecodeFromChars(signature, bytes, out var length)
            && CryptographicOperations.FixedTimeEquals(bytes[..length], Sign(text, key));
    }

    private static bool IsMeantForUs(JsonElement claims) => claims.TryGetProperty("aud", out var audience) && audience.ValueKind switch
    {
        JsonValueKind.String => audience.GetString() == Audience,
        JsonValueKind.Array => audience.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.GetString() == Audience),
        _ => false,
    };

    private static JsonElement? Parse(string part)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(part);
            var json = JsonSerializer.Deserialize<JsonElement>(bytes);
            return json.ValueKind == JsonValueKind.Object && UnusableText.Find(bytes) is null ? json : null;
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            return null;
        }
    }

    private static int Number(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : -1;

    private static string? Text(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Sign(string text, byte[] key) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text));
}

/// <param name="Epoch">Of the password with which the person logged in.</param>
internal sealed record LoginClaims(string Username, int Epoch);
