using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.EchoModel;

/// <summary>JSON as both protocols write it.</summary>
internal static class EchoJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(object value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Null after an answer that says what is wrong with it.</summary>
    public static async Task<JsonElement?> Read(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            if (body.RootElement.ValueKind == JsonValueKind.Object)
                return body.RootElement.Clone();
        }
        catch (JsonException)
        {
            // as any other body that is no object
        }

        await Write(context, new { error = "missing request body" }, 400);
        return null;
    }

    public static Task Write(HttpContext context, object value, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(Text(value), context.RequestAborted);
    }
}
