using System.Text.Json;
using Fleet.Contracts.Models;

namespace Fleet.Control.Models;

/// <summary>What comes of a model call, in the order in which it comes; the last is an end or a failure.</summary>
/// <param name="At">When it was stored.</param>
internal abstract record ModelPiece(DateTimeOffset At);

internal sealed record SaidPiece(DateTimeOffset At, string Text) : ModelPiece(At);

internal sealed record ThoughtPiece(DateTimeOffset At, string Text) : ModelPiece(At);

/// <param name="First">How many calls came before these.</param>
internal sealed record ToolsPiece(DateTimeOffset At, int First, IReadOnlyList<ToolCall> Calls) : ModelPiece(At);

/// <summary>Nothing came for a while.</summary>
internal sealed record QuietPiece(DateTimeOffset At) : ModelPiece(At);

internal sealed record EndPiece(DateTimeOffset At, InferenceResult Result) : ModelPiece(At);

internal sealed record FailurePiece(DateTimeOffset At, CallFailure Failure) : ModelPiece(At);

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
        && name.GetString() is { } called
            ? new ToolCall(IdOf(call), called, function.TryGetProperty("arguments", out var given) ? given : default)
            : null;

    private static string? IdOf(JsonElement call) =>
        call.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
}
