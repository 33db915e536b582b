using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>The API's JSON, read and written as a client does it.</summary>
internal static class FleetJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;

    public static T Read<T>(JsonElement json) => json.Deserialize<T>(Options)!;

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static HttpContent Content(string json) =>
        new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(json))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
}
