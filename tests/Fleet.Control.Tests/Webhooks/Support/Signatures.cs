using System.Security.Cryptography;
using System.Text;

namespace Fleet.Control.Tests.Webhooks.Support;

/// <summary>How a receiver checks who called, written from the specification and not from the product.</summary>
internal static class Signatures
{
    /// <summary>The signatures of a call that this secret made.</summary>
    public static int By(this Call call, string secret)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        var signed = $"{call.Headers["webhook-id"]}.{call.Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(call.Body)}";
        var expected = "v1," + Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(signed)));
        return call.All().Count(signature => signature == expected);
    }

    public static string[] All(this Call call) =>
        call.Headers.TryGetValue("webhook-signature", out var header) ? header.Split(' ') : [];
}
