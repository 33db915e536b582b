using System.Text.RegularExpressions;

namespace Fleet.Control.Backups.Repositories;

/// <summary>The URL of a repository, as restic takes it: with a scheme of a server before that of the backend, or a path.</summary>
internal static partial class RepositoryUrl
{
    private const string Local = "local:";
    private const string Sftp = "sftp:";

    private static readonly string[] Backends = ["azure", "b2", "gs", "rclone", "rest", "s3", "sftp", "swift"];

    /// <summary>Null where restic means the same place by it wherever it runs; else the sentence that says what would be right.</summary>
    public static string? Trouble(string url)
    {
        var path = url.StartsWith(Local, StringComparison.Ordinal) ? url[Local.Length..] : url;
        if (AbsolutePath().IsMatch(path))
            return null;
        if (path != url || !Backends.Contains(url.Split(':')[0]) || !url.Contains(':', StringComparison.Ordinal))
            return $"This must be an absolute path, or begin with the name of a backend and a colon: {string.Join(' ', Backends)}.";
        return url.StartsWith(Sftp, StringComparison.Ordinal) && NamesOption(url[Sftp.Length..])
            ? "Neither a user nor a host has a name that begins with a hyphen."
            : null;
    }

    /// <summary>Without user and password.</summary>
    public static string Shown(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return url;
        var host = scheme + 3;
        var end = url.IndexOfAny(['/', '?', '#'], host);
        var at = url.LastIndexOf('@', (end < 0 ? url.Length : end) - 1);
        return at < host ? url : url[..host] + url[(at + 1)..];
    }

    /// <summary><c>user@host:path</c> or <c>//user@host:port/path</c>: what begins with a hyphen there would be an option of ssh.</summary>
    private static bool NamesOption(string place) =>
        place.TrimStart('/').Split('/')[0].Split('@').Any(name => name.StartsWith('-'));

    [GeneratedRegex(@"\A(/|[A-Za-z]:[\\/])")]
    private static partial Regex AbsolutePath();
}
