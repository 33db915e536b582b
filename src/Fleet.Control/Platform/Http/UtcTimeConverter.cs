using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// ISO 8601. Written in UTC with the microseconds that PostgreSQL keeps, so that a time looks the same before and
/// after it was stored; read only with an offset, because a time without one means something else everywhere.
/// </summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    private const int DateLength = 10; // a date alone has hyphens too

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        && HasOffset(reader.GetString())
        && reader.TryGetDateTimeOffset(out var time)
            ? time.ToUniversalTime()
            : throw new RefusedValueException("This must be a time with its offset, such as 2031-01-31T12:00:00Z.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(
            value.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));

    private static bool HasOffset(string? text) =>
        text is { Length: > DateLength } && (text[^1] == 'Z' || text[^6] is '+' or '-');
}
