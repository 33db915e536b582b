using Fleet.Control.Models.Ollama;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;

namespace Fleet.Control.Models.Foreman;

/// <summary>
/// A submission as foreman's clients write it: Ollama's chat with a URL that is told. What foreman does not have is
/// Fleet's addition.
/// </summary>
internal sealed class ForemanRequest : OllamaChatRequest
{
    private const int MostUrl = 2000;
    private const int MostName = 200;

    public string? StateWebhookUrl { get; init; }

    public string? Name { get; init; }

    /// <summary>0 (last) to 9 (first).</summary>
    public int? Priority { get; init; }

    public int? MaxAttempts { get; init; }

    public int? TimeoutS { get; init; }

    /// <summary>It fails if it has not started by then.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <exception cref="ProblemException">Something is wrong with what belongs to foreman or Fleet.</exception>
    public void Check(DateTimeOffset now)
    {
        if (StateWebhookUrl is { Length: > 0 } url && !IsUrl(url))
            throw Wrong("state_webhook_url", "must be an absolute http or https URL without a user");
        if (Name?.Length > MostName)
            throw Wrong("name", $"has at most {MostName} characters");
        if (Priority is < 0 or > 9)
            throw Wrong("priority", "must be between 0 and 9");
        if (MaxAttempts is < 1 or > 100)
            throw Wrong("max_attempts", "must be between 1 and 100");
        if (TimeoutS is < 1 or > 30 * 86_400)
            throw Wrong("timeout_s", "must be between 1 s and 30 days");
        if (ExpiresAt <= now || ExpiresAt > now.AddYears(100))
            throw Wrong("expires_at", "must lie in the future, and within 100 years");
    }

    private static bool IsUrl(string text) =>
        text.Length <= MostUrl && HttpUrl.TryRead(text, out _);

    private static ProblemException Wrong(string field, string sentence) =>
        new(ModelRequest.Wrong(field, $"{field} {sentence}"));
}
