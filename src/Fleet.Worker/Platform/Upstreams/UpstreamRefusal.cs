using System.Net;
using System.Text;
using System.Text.Json;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>What a status other than success means.</summary>
internal static class UpstreamRefusal
{
    private const int MostBytes = 64 * 1024;

    public static async Task<UpstreamException> Of(string name, HttpResponseMessage answer, Silence silence)
    {
        var said = await Sentence(answer, silence);
        var failure = Of(name, answer.StatusCode, $"{(int)answer.StatusCode} {said}".TrimEnd());
        return new UpstreamException(failure.Code, failure.Message, failure.IsFinal) { Status = answer.StatusCode, Said = said };
    }

    private static UpstreamException Of(string name, HttpStatusCode status, string why) => status switch
    {
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable => UpstreamException.Unreachable(name, why),
        HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout => new UpstreamException(
            "upstream_silence", $"The upstream {name} did not answer its gateway in time: {why}"),
        HttpStatusCode.TooManyRequests => UpstreamException.Busy(name, why),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => UpstreamException.Denied(name, why),
        HttpStatusCode.NotFound when why.Contains("model", StringComparison.OrdinalIgnoreCase) =>
            UpstreamException.ModelNotFound(name, why),
        HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity =>
            UpstreamException.Refused(name, why),
        _ => UpstreamException.Error(name, why),
    };

    /// <summary>The sentence in either protocol's error: a text, or an object with a message.</summary>
    public static string? SentenceOf(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty("error", out var error) || error.ValueKind == JsonValueKind.Null)
            return null;
        if (error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message))
            error = message;
        return error.ValueKind == JsonValueKind.String ? error.GetString() : error.GetRawText();
    }

    private static async Task<string> Sentence(HttpResponseMessage answer, Silence silence)
    {
        byte[] bytes;
        try
        {
            bytes = await AnswerBody.Read(answer, silence, MostBytes);
        }
        catch (UpstreamException)
        {
            return answer.ReasonPhrase ?? ""; // the status says enough
        }

        try
        {
            using var body = JsonDocument.Parse(bytes);
            return UpstreamJson.Text(body.RootElement, "message") ?? SentenceOf(body.RootElement) ?? "";
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return Encoding.UTF8.GetString(bytes);
        }
    }
}
