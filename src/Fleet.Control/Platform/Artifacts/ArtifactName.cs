using System.Text;

namespace Fleet.Control.Platform.Artifacts;

/// <summary>
/// The name of an artifact: a relative path with slashes. It is data here and never a path on this machine, but
/// whoever downloads it may make one of it, so what could lead out of a directory is no name, however often encoded.
/// </summary>
internal static class ArtifactName
{
    public const string Rule =
        "This must be a relative path: no empty, . or .. parts, no backslashes and control characters, "
        + "at most 255 bytes a part and 1024 in all.";

    private const int MaxBytes = 1024;
    private const int MaxPartBytes = 255;

    /// <summary>The server decodes everything in a path but the slash.</summary>
    public static bool TryReadPath(string? path, out string name)
    {
        name = (path ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return IsName(name);
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
