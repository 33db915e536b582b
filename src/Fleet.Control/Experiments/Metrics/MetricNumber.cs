using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Metrics;

/// <summary>
/// Numbers that may be none, or without end: JSON has no words for these, so they are the texts NaN, Infinity, -Infinity.
/// </summary>
internal sealed class MetricNumberConverter : JsonConverter<double>
{
    private const string Rule = "This must be a number, or one of the texts NaN, Infinity and -Infinity.";

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonTokenType.String when reader.ValueTextEquals("NaN"u8) => double.NaN,
        JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => double.PositiveInfinity,
        JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => double.NegativeInfinity,
        _ => throw new RefusedValueException(Rule),
    };

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteStringValue(Word(value));
    }

    /// <summary>Of what is no number, or without end.</summary>
    public static string Word(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
