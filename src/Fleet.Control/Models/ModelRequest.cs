using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Values;

namespace Fleet.Control.Models;

/// <summary>
/// A body as clients of these wires send it: of any content type, as Ollama takes it, and with fields that nobody here
/// knows.
/// </summary>
internal static class ModelRequest
{
    /// <summary>What curl sends by itself is taken too.</summary>
    public const string AnyType = "*/*";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = 64,
        Converters = { new UtcTimeConverter(), new FiniteNumberConverter() },
    };

    /// <exception cref="ProblemException">It is no JSON, or a field has another type than it should have.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8) where T : class => utf8.IsEmpty
        ? throw new ProblemException(Problem.InvalidBody("missing request body"))
        : JsonBody.Parse<T>(utf8, Json);

    /// <summary>JSON that only the model's host reads; null and what is not there is nothing.</summary>
    public static string? Raw(JsonElement? element) =>
        element is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value ? value.GetRawText() : null;

    /// <exception cref="ProblemException">There is none.</exception>
    public static string NeedModel(string? model) => string.IsNullOrWhiteSpace(model)
        ? throw new ProblemException(Wrong("model", "model is required"))
        : model;

    /// <summary>400 with a sentence that stands alone.</summary>
    public static ProblemResult Wrong(string field, string sentence) =>
        new(400, "invalid_field", sentence) { Errors = ModelCalls.Field(field, sentence) };
}
