using System.Diagnostics;
using System.Text.Json;
using Fleet.Edge.Controls;

namespace Fleet.Edge;

/// <summary>
/// An error of the door's own making, as RFC 9457 problem details with a stable code, or in the shape of the wire that
/// the route belongs to.
/// </summary>
internal static class Problem
{
    public static Task NotFound(HttpContext http) =>
        Write(http, 404, "not_found", "Not found", "There is nothing at this address.");

    public static Task TooLarge(HttpContext http, long most) =>
        Write(http, 413, "body_too_large", "Body too large", $"At most {most} bytes are accepted here.");

    /// <param name="wait">Seconds until another try makes sense.</param>
    public static Task TooMany(HttpContext http, int wait, string detail) =>
        Write(http, 429, "rate_limited", "Too many requests", detail, wait);

    /// <param name="code">Stable: clients decide by it.</param>
    /// <param name="retryAfter">Seconds, where another try is worth it.</param>
    public static async Task Write(
        HttpContext http, int status, string code, string title, string detail, int? retryAfter = null)
    {
        http.Response.Clear();
        RequestId.Answer(http);
        http.Response.StatusCode = status;
        var shape = WireErrors.Of(http);
        http.Response.ContentType = shape switch
        {
            null => "application/problem+json",
            WireErrors.Text => "text/plain; charset=utf-8",
            _ => "application/json",
        };
        http.Response.Headers.CacheControl = "no-store";
        if (retryAfter is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (shape == WireErrors.Text)
        {
            await http.Response.WriteAsync(detail + "\n");
            return;
        }

        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        if (shape is not null)
        {
            WireErrors.Write(json, shape, status, code, detail);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", $"urn:fleet:problem:{code}");
        json.WriteString("title", title);
        json.WriteNumber("status", status);
        json.WriteString("detail", detail);
        json.WriteString("code", code);
        json.WriteString("trace_id", Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier);
        json.WriteStartObject("errors"); // as in Control's problems, and always empty here
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
