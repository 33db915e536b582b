using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Protocol.AgentSocket;

/// <summary>
/// What every message of the agent socket is wrapped in: a JSON object <c>{type, id, payload}</c> in one text frame or
/// several.
/// </summary>
/// <param name="Id">Null where there is none; answers carry the id of what they answer.</param>
/// <param name="Payload">An object; empty where there is none. It lives as long as the document it was read from.</param>
public readonly record struct Envelope(string Type, string? Id, PayloadReader Payload)
{
    private const int LongestType = 64;
    private const int LongestId = 128;

    private static readonly JsonDocument Nothing = JsonDocument.Parse("{}");

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // no page ever shows it, and agents refuse long messages
    };

    /// <summary>The document that an envelope is read from; whoever parses it disposes of it.</summary>
    /// <exception cref="WireFaultException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message, Strict);
        }
        catch (JsonException wrong)
        {
            throw Bad($"The message is not valid JSON at line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}.");
        }
    }

    /// <exception cref="WireFaultException">It is no envelope.</exception>
    public static Envelope Read(JsonDocument message)
    {
        var root = message.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw Bad("The message must be an object with type, id and payload.");
        if (!root.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            throw Bad("type must be a text.");
        if (Text(type, "type") is not { Length: > 0 and <= LongestType } name)
            throw Bad($"type must be a text of 1 to {LongestType} characters.");
        return new Envelope(name, IdOf(root), PayloadOf(root));
    }

    /// <summary>A message as the bytes of a text frame.</summary>
    /// <param name="payload">A record; its names become snake_case, and what is null is left out.</param>
    public static byte[] Write(string type, string? id, object payload) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, id, payload }, Options);

    private static string? IdOf(JsonElement root)
    {
        if (!root.TryGetProperty("id", out var id) || id.ValueKind == JsonValueKind.Null)
            return null;
        if (id.ValueKind != JsonValueKind.String || Text(id, "id") is not { Length: <= LongestId } text)
            throw Bad($"id must be a text of at most {LongestId} characters.");
        return text.Length > 0 ? text : null;
    }

    private static PayloadReader PayloadOf(JsonElement root)
    {
        if (!root.TryGetProperty("payload", out var payload) || payload.ValueKind == JsonValueKind.Null)
            return new PayloadReader(Nothing.RootElement);
        return payload.ValueKind == JsonValueKind.Object
            ? new PayloadReader(payload)
            : throw Bad("payload must be an object.");
    }

    private static string Text(JsonElement text, string field)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Bad($"{field} cannot be read as text.");
        }
    }

    private static WireFaultException Bad(string sentence) => new(WireFaults.BadRequest, sentence);
}
