using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// Writes an id as its 26 characters: <c>[property: JsonConverter(typeof(WireIdConverter))] Guid JobId</c>.
/// </summary>
internal sealed class WireIdConverter : JsonConverter<Guid>
{
    public override Guid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && WireId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new RefusedValueException("This must be an id of 26 characters.");

    public override void Write(Utf8JsonWriter writer, Guid value, JsonSerializerOptions options) =>
        writer.WriteStringValue(WireId.Format(value));
}
