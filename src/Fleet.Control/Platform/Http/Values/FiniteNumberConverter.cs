using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Control.Platform.Http.Values;

/// <summary>Numbers with fractions. JSON can write larger ones than there are, and nothing can be done with those.</summary>
internal sealed class FiniteNumberConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.Number ? throw new RefusedValueException("This must be a number.")
        : reader.TryGetDouble(out var number) && double.IsFinite(number) ? number
        : throw new RefusedValueException("This number is too large.");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
