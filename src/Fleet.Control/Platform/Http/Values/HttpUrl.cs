using System.Diagnostics.CodeAnalysis;

namespace Fleet.Control.Platform.Http.Values;

/// <summary>A URL that is to be called.</summary>
internal static class HttpUrl
{
    /// <summary>
    /// Whether it is an absolute URL of http or https without a user. Blanks and control characters, which the parser would take
    /// out, are none of a URL (RFC 3986, 2).
    /// </summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        return !text.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter))
            && Uri.TryCreate(text, UriKind.Absolute, out url)
            && url is { Scheme: "http" or "https", UserInfo.Length: 0 };
    }
}
