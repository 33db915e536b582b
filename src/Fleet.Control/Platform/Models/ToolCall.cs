using System.Text.Json;

namespace Fleet.Control.Platform.Models;

/// <summary>A tool that the model wants called.</summary>
/// <param name="Id">Null where the upstream gives none.</param>
/// <param name="Arguments">An object.</param>
internal sealed record ToolCall(string? Id, string Name, JsonElement Arguments)
{
    /// <summary>Reads <c>[{id?, function: {name, arguments}}]</c>; what does not look like a call is left out.</summary>
    public static IReadOnlyList<ToolCall> ReadAll(string json)
    {
        var calls = JsonSerializer.Deserialize<JsonElement>(json);
        return calls.ValueKind == JsonValueKind.Array ? [.. calls.EnumerateArray().Select(Read).OfType<ToolCall>()] : [];
    }

    private static ToolCall? Read(JsonElement call) =>
        call.ValueKind == JsonValueKind.Object
        && call.TryGetProperty("function", out var function)
        && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var name)
        && name.ValueKind == JsonValueKind.String
        && name.GetString() is { Length: > 0 } called
            ? new ToolCall(IdOf(call), called, function.TryGetProperty("arguments", out var given) ? given : default)
            : null;

    private static string? IdOf(JsonElement call) =>
        call.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
}
