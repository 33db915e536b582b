using System.Security.Cryptography;
using System.Text;

namespace Fleet.Control.Webhooks;

/// <summary>
/// Secrets as Standard Webhooks 1.0 writes them: <c>whsec_</c> and the base64 of the key. A text without the prefix is
/// its own key, as foreman's is.
/// </summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int KeyBytes = 32;

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    public static bool IsUsable(string secret) =>
        !secret.StartsWith(Prefix, StringComparison.Ordinal)
        || Convert.TryFromBase64String(secret[Prefix.Length..], new byte[secret.Length], out _);

    public static byte[] KeyOf(string secret) => secret.StartsWith(Prefix, StringComparison.Ordinal)
        ? Convert.FromBase64String(secret[Prefix.Length..])
        : Encoding.UTF8.GetBytes(secret);
}
