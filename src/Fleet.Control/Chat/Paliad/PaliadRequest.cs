using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;

namespace Fleet.Control.Chat.Paliad;

/// <summary>A question as paliad's clients write it. What the wire does not name is passed over.</summary>
internal sealed class PaliadRequest
{
    private const int MostMessage = 256 * 1024;
    private const int MostName = 200;

    private static readonly JsonSerializerOptions Lenient = new(FleetJson.Options) { PropertyNameCaseInsensitive = true };

    public string? UserMessage { get; init; }

    public string? SessionId { get; init; }

    public string? PageOrigin { get; init; }

    public PaliadContext? Context { get; init; }

    /// <exception cref="ProblemException">It is no question.</exception>
    public static PaliadRequest Read(ReadOnlySpan<byte> body)
    {
        var request = Parse(body);
        if (string.IsNullOrEmpty(request.UserMessage))
            throw Wrong("user_message required");
        if (request.UserMessage.Length > MostMessage)
            throw Wrong($"user_message too long: at most {MostMessage} characters");
        if (request.SessionId?.Length > MostName)
            throw Wrong($"session_id too long: at most {MostName} characters");
        return request;
    }

    /// <summary>Where the user is, as data: a JSON object. Null where nothing was said.</summary>
    public JsonElement? ContextJson()
    {
        var context = (Context ?? new PaliadContext()).Bounded();
        if (string.IsNullOrEmpty(context.PageOrigin))
            context = context with { PageOrigin = PaliadContext.Cut(PageOrigin) };
        var said = context.Said().ToDictionary(field => field.Name, field => field.Value);
        return said.Count == 0 ? null : JsonSerializer.SerializeToElement(said, FleetJson.Options);
    }

    private static PaliadRequest Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            if (UnusableText.Find(body) is null && JsonSerializer.Deserialize<PaliadRequest>(body, Lenient) is { } request)
                return request;
        }
        catch (JsonException)
        {
            // as any other body that is none
        }

        throw Wrong("invalid JSON");
    }

    private static ProblemException Wrong(string sentence) => new(Problem.InvalidBody(sentence));
}

/// <summary>Where a user is: data, never instructions.</summary>
internal sealed record PaliadContext(
    string? RouteName = null,
    string? PageOrigin = null,
    string? PrimaryEntityType = null,
    string? PrimaryEntityId = null,
    string? UserSelectionText = null,
    string? ViewMode = null,
    string? FilterSummary = null)
{
    /// <summary>Characters of a selection, and of everything else; the rest is cut off.</summary>
    private const int MostText = 1000;

    public PaliadContext Bounded() => new(
        Cut(RouteName), Cut(PageOrigin), Cut(PrimaryEntityType), Cut(PrimaryEntityId), Cut(UserSelectionText), Cut(ViewMode),
        Cut(FilterSummary));

    public IEnumerable<(string Name, string Value)> Said()
    {
        (string Name, string? Value)[] all =
        [
            ("route_name", RouteName), ("page_origin", PageOrigin), ("primary_entity_type", PrimaryEntityType),
            ("primary_entity_id", PrimaryEntityId), ("user_selection_text", UserSelectionText), ("view_mode", ViewMode),
            ("filter_summary", FilterSummary),
        ];
        foreach (var (name, value) in all)
        {
            if (!string.IsNullOrEmpty(value))
                yield return (name, value);
        }
    }

    public static string? Cut(string? text)
    {
        if (text is null || text.Length <= MostText)
            return text;
        return text[..(char.IsHighSurrogate(text[MostText - 1]) ? MostText - 1 : MostText)];
    }
}
