using Fleet.Contracts.Agents;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>What the settings of upstreams must look like, as sentences about what does not.</summary>
internal static class UpstreamRules
{
    private const int Most = 32;
    private const int MostAtOnce = 1000;
    private const int LongestPersona = 200;
    private const double LongestWait = 86_400;

    public static IEnumerable<string> Wrongs(IReadOnlyDictionary<string, UpstreamSettings> upstreams) =>
        upstreams.Count > Most
            ? [$"Worker:Upstreams names {upstreams.Count} upstreams; an agent has at most {Most}."]
            : upstreams.SelectMany(upstream => Wrongs($"Worker:Upstreams:{upstream.Key}", upstream.Key, upstream.Value));

    private static IEnumerable<string> Wrongs(string at, string name, UpstreamSettings upstream)
    {
        if (!AgentAddress.IsName(name))
            yield return $"{at} is no name for an upstream; use up to 60 lower-case letters, digits and inner hyphens.";
        if (!Uri.TryCreate(upstream.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return $"{at}:Url is '{upstream.Url}'; give an absolute URL such as http://127.0.0.1:11434.";
        else if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            yield return $"{at}:Url must hold neither user, password, query nor fragment; a key belongs into ApiKeyFile.";
        if (upstream.Protocol is not ("" or "ollama" or "openai" or "aichat"))
            yield return $"{at}:Protocol is '{upstream.Protocol}'; use ollama, openai or aichat, or leave it out.";
        if (upstream.Persona.Length > LongestPersona || upstream.Persona.Any(char.IsControl))
            yield return $"{at}:Persona is no name; use up to {LongestPersona} characters that can be seen.";
        if (upstream.Generations is < 1 or > MostAtOnce)
            yield return $"{at}:Generations is {upstream.Generations}; give a number from 1 to {MostAtOnce}.";
        if (upstream.Embeddings is < 0 or > MostAtOnce)
            yield return $"{at}:Embeddings is {upstream.Embeddings}; give a number from 0 to {MostAtOnce}.";
        var wrongTime = WrongTime("SilenceSeconds", upstream.SilenceSeconds)
            ?? WrongTime("OneShotSeconds", upstream.OneShotSeconds)
            ?? WrongTime("ConnectSeconds", upstream.ConnectSeconds)
            ?? WrongTime("LookSeconds", upstream.LookSeconds);
        if (wrongTime is not null)
            yield return $"{at}:{wrongTime}";
        if (WrongKey(upstream) is { } key)
            yield return $"{at}:{key}";
    }

    private static string? WrongTime(string field, double seconds) =>
        seconds is >= 0.1 and <= LongestWait ? null : $"{field} is {seconds}; give seconds from 0.1 to {LongestWait}.";

    private static string? WrongKey(UpstreamSettings upstream)
    {
        try
        {
            return upstream.ReadApiKey()?.All(letter => letter is > ' ' and <= '~') == false
                ? "ApiKey, or the file of ApiKeyFile, holds characters that no key has."
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"ApiKeyFile cannot be read: {unreadable.Message}";
        }
    }
}
