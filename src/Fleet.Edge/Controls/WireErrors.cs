using System.Text.Json;
using Yarp.ReverseProxy.Model;

namespace Fleet.Edge.Controls;

/// <summary>How the wires of foreign clients say no, where the door itself has to: Control says it the same way.</summary>
internal static class WireErrors
{
    /// <summary>Name of the routes' metadata.</summary>
    public const string Shape = "errors";

    /// <summary><c>{"error": "…"}</c>: foreman's and Ollama's.</summary>
    public const string Plain = "plain";

    /// <summary><c>{"error": {message, type, param, code}}</c>.</summary>
    public const string OpenAi = "openai";

    /// <summary><c>{"code": "…", "message": "…"}</c>: restic-manager's.</summary>
    public const string Coded = "coded";

    /// <summary>A line of plain text: paliad's on the paths of one turn, and that of agents' sockets.</summary>
    public const string Text = "text";

    /// <summary>Ollama's clients ask for more below this than is let through.</summary>
    private const string OllamaPaths = "/api";

    /// <summary>Null for the native API.</summary>
    public static string? Of(HttpContext http) => http.Features.Get<IReverseProxyFeature>() is { } proxy
        ? proxy.Route.Config.Metadata?.GetValueOrDefault(Shape)
        : http.Request.Path.StartsWithSegments(OllamaPaths, StringComparison.Ordinal) ? Plain : null;

    public static void Write(Utf8JsonWriter json, string shape, int status, string code, string detail)
    {
        json.WriteStartObject();
        if (shape == Plain)
        {
            json.WriteString("error", detail);
        }
        else if (shape == Coded)
        {
            json.WriteString("code", code);
            json.WriteString("message", detail);
        }
        else
        {
            json.WriteStartObject("error");
            json.WriteString("message", detail);
            json.WriteString("type", status == 429 ? "rate_limit_error" : status < 500 ? "invalid_request_error" : "server_error");
            json.WriteNull("param");
            json.WriteString("code", code);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
