using System.Text.Json;
using Fleet.Control.Platform.Http.Values;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// JSON of a wire that tells kinds of wrong bodies apart by their status: 415 for what is said to be something else, 400 for what
/// is no JSON, 422 for JSON of another shape. Fields that nobody knows are passed over.
/// </summary>
internal static class KnownJson
{
    /// <summary>Beside what a route reads: what is said to be something else is refused by the route, in its own words.</summary>
    public const string AnyType = "*/*";

    public static async Task<T> Read<T>(HttpRequest request)
    {
        try
        {
            JsonBody.RequireJson(request);
        }
        catch (ProblemException)
        {
            throw new ProblemException(Problem.UnsupportedMedia("Expected request with `Content-Type: application/json`"));
        }

        using var body = await BodyBytes.Read(request);
        return Parse<T>(body.Span);
    }

    public static T Parse<T>(ReadOnlySpan<byte> utf8)
    {
        try
        {
            using var _ = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { MaxDepth = FleetJson.KnownFields.MaxDepth });
        }
        catch (JsonException wrong)
        {
            throw new ProblemException(new ProblemResult(
                400, "invalid_body",
                $"Failed to parse the request body as JSON: line {wrong.LineNumber + 1} column {wrong.BytePositionInLine + 1}"));
        }

        if (UnusableText.Find(utf8) is { } unusable)
            throw new ProblemException(unusable);
        try
        {
            return JsonBody.ParseKnown<T>(utf8);
        }
        catch (ProblemException wrong)
        {
            throw new ProblemException(WrongShape(wrong.Problem.Detail));
        }
    }

    /// <summary>422: JSON, and not what was meant.</summary>
    public static ProblemResult WrongShape(string why) =>
        new(422, "invalid_field", $"Failed to deserialize the JSON body into the target type: {why}");
}
