namespace Fleet.Control.Backups.Repositories;

/// <summary>The URL of a repository, as restic takes it: with a scheme of a server before that of the backend, or a path.</summary>
internal static class RepositoryUrl
{
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
}
