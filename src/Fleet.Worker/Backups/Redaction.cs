using Fleet.Contracts.Backups;

namespace Fleet.Worker.Backups;

/// <summary>Takes secrets out of what restic and hooks write.</summary>
internal sealed class Redaction
{
    private const int Shortest = 4; // a shorter one is a word, and may be in any line
    private const string Mask = "***";

    private readonly string[] _secrets;

    public Redaction(RepositoryCredentials credentials)
    {
        var secrets = new HashSet<string>(credentials.Env.Values) { credentials.Password };
        var url = credentials.Url;
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var at = scheme < 0 ? -1 : url.IndexOf('@', scheme);
        if (at > 0)
        {
            var login = url[(scheme + 3)..at];
            secrets.Add(login);
            var colon = login.IndexOf(':');
            if (colon >= 0)
                secrets.UnionWith([login[(colon + 1)..], Uri.UnescapeDataString(login[(colon + 1)..])]);
        }

        _secrets = [.. secrets.Where(secret => secret.Length >= Shortest).OrderByDescending(secret => secret.Length)];
    }

    public string Of(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return text;
    }
}
