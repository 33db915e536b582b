using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// The headers of Standard Webhooks 1.0 (https://github.com/standard-webhooks/standard-webhooks), and foreman's.
/// </summary>
internal static class WebhookHeaders
{
    private const string Signature = "webhook-signature";

    /// <param name="secrets">Each signs; none means unsigned.</param>
    public static Dictionary<string, string> Of(
        Guid eventId, DateTimeOffset now, byte[] body, IReadOnlyCollection<string> secrets, bool forJob)
    {
        var id = WireId.Format(eventId);
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string> { ["webhook-id"] = id, ["webhook-timestamp"] = time };
        if (secrets.Count == 0)
            return headers;
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{id}.{time}."), .. body];
        headers[Signature] = string.Join(' ', secrets.Select(secret =>
            $"v1,{Convert.ToBase64String(HMACSHA256.HashData(WebhookSecret.KeyOf(secret), signed))}"));
        if (forJob)
        {
            var hmac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secrets.First()), body);
            headers["X-Foreman-Signature"] = $"sha256={Convert.ToHexStringLower(hmac)}";
        }

        return headers;
    }
}
