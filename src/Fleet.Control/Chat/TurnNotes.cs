using System.Text;
using System.Text.Json;
using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Chat;

/// <summary>
/// What agents write about answers, and leave of them. Not every agent is of the same age, so none of it is sure.
/// </summary>
internal static class TurnNotes
{
    /// <summary>Null where the line is no note.</summary>
    public static TurnNote? Read(ReadOnlySpan<byte> line) =>
        Read<TurnNote>(line) is { Type: { Length: > 0 } } note ? note : null;

    /// <summary>Null where the text is no result of a turn.</summary>
    public static TurnResult? ReadResult(string? json) =>
        json is not null && Read<TurnResult>(Encoding.UTF8.GetBytes(json)) is { Answer: not null } result ? result : null;

    public static string Write(TurnResult result) => JsonSerializer.Serialize(result, FleetJson.Options);

    private static T? Read<T>(ReadOnlySpan<byte> json) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, FleetJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
