using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Control.Platform.Http;

/// <summary>Enums as lower snake_case words; what is no such word is refused with the list of those that are.</summary>
internal sealed class WireEnumConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Words<>).MakeGenericType(typeToConvert))!;

    private sealed class Words<T> : JsonConverter<T> where T : struct, Enum
    {
        private readonly Dictionary<string, T> _values = Enum.GetValues<T>().ToDictionary(Word);
        private readonly Dictionary<T, JsonEncodedText> _words =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonEncodedText.Encode(Word(value)));

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && _values.TryGetValue(reader.GetString()!, out var value)
                ? value
                : throw new RefusedValueException($"This must be one of: {string.Join(", ", _values.Keys)}.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(_words[value]);

        private static string Word(T value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
    }
}
