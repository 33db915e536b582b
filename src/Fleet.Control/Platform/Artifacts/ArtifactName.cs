using System.Net;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Control.Platform.Artifacts;

/// <summary>
/// The name of an artifact: a relative path with slashes. It is data here and never a path on this machine, but
/// whoever downloads it may make one of it, so what could lead out of a directory is no name, however often encoded.
/// </summary>
internal static class ArtifactName
{
    public const string Rule =
        "This must be a relative path: no empty, . or .. parts, no backslashes and control characters, not as percent escapes "
        + "either, at most 255 bytes a part and 1024 in all.";

    private const int MaxBytes = 1024;
    private const int MaxPartBytes = 255;

    /// <summary>
    /// The name at the end of a request's path. It is read from the target as it came, because in the path that the server
    /// decoded <c>%2F</c> may be a slash that it left alone or a part of the name.
    /// </summary>
    /// <param name="routed">The same as routing found it.</param>
    public static bool TryRead(HttpContext context, string? routed, out string name)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0];
        var path = context.Request.Path.Value!;
        var start = path.Length - (routed?.Length ?? 0);
        if (target.AsSpan().StartsWith(path.AsSpan(0, start), StringComparison.Ordinal))
            return TryReadPath(target[start..], out name);
        name = routed ?? "";
        return !name.Contains('%', StringComparison.Ordinal) && IsName(name);
    }

    /// <param name="path">With percent escapes.</param>
    public static bool TryReadPath(string? path, out string name)
    {
        var escaped = Encoding.UTF8.GetBytes((path ?? "").Replace("+", "%2B", StringComparison.Ordinal)); // no form
        var bytes = WebUtility.UrlDecodeToBytes(escaped, 0, escaped.Length);
        name = Encoding.UTF8.GetString(bytes);
        return Utf8.IsValid(bytes) && IsName(name);
    }

    public static bool IsName(string name)
    {
        while (IsSafe(name))
        {
            var decoded = Uri.UnescapeDataString(name);
            if (decoded == name)
                return true;
            name = decoded;
        }

        return false;
    }

    /// <summary>The name as the end of a URL.</summary>
    public static string ToPath(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    private static bool IsSafe(string name) =>
        Encoding.UTF8.GetByteCount(name) <= MaxBytes && name.Split('/').All(IsSafePart);

    private static bool IsSafePart(string part) =>
        part is not ("" or "." or "..")
        && Encoding.UTF8.GetByteCount(part) <= MaxPartBytes
        && !part.Any(letter => letter == '\\' || char.IsControl(letter));
}
