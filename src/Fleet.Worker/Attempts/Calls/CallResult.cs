using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Worker.Attempts.Calls;

/// <summary>How the results of calls, and what is noted of them, are written: in snake_case, without what is not there.</summary>
internal static class CallResult
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Json<T>(T result) => JsonSerializer.Serialize(result, _json);

    public static byte[] Bytes<T>(T result) => JsonSerializer.SerializeToUtf8Bytes(result, _json);
}
