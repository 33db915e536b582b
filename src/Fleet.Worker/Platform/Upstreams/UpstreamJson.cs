using System.Text;
using System.Text.Json;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>Reads what may be anything: whatever does not fit is rubbish, and never an error of this agent.</summary>
internal static class UpstreamJson
{
    private const int Shown = 100;

    /// <exception cref="UpstreamException">It is not what the protocol has there.</exception>
    public static T Read<T>(string upstream, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong
            is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw UpstreamException.Rubbish(upstream, wrong.Message);
        }
    }

    /// <exception cref="UpstreamException">It is no JSON; the sentence shows how it begins.</exception>
    public static JsonDocument Parse(string upstream, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            throw UpstreamException.Rubbish(upstream, $"it is no JSON, and begins with: {Beginning(bytes)}");
        }
    }

    /// <summary>For people, who may recognise a page that is not meant for programs.</summary>
    public static string Beginning(ReadOnlyMemory<byte> bytes) =>
        Encoding.UTF8.GetString(bytes.Span[..Math.Min(bytes.Length, Shown)]);

    /// <exception cref="UpstreamException">What is to be sent holds something that is no JSON.</exception>
    public static T Write<T>(string upstream, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception wrong) when (wrong
            is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw UpstreamException.Refused(upstream, $"it cannot be put into its protocol: {wrong.Message}");
        }
    }

    /// <summary>Null where there is none.</summary>
    public static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>Null where there is none.</summary>
    public static long? Number(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number)
            ? number
            : null;
}
