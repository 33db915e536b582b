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

    /// <summary>A line of plain text: kanade's, paliad's on the paths of one turn, and that of agents' sockets.</summary>
    public const string Text = "text";

    /// <summary>What is asked for below these and not let through, by whose clients; the first that fits.</summary>
    private static readonly (string Path, string Shape)[] Unknown =
    [
        ("/api/hosts", Coded), ("/api/enrollment-tokens", Coded), ("/api/agents", Text), ("/api/audit", Text), ("/api/auth", Text),
        ("/api/exec", Text), ("/api/executions", Text), ("/api/freeze", Text), ("/api/jobs", Text), ("/api/results", Text),
        ("/api/run", Text), ("/api/runs", Text), ("/api/schedules", Text), ("/api/schemas", Text), ("/api/scripts", Text),
        ("/api", Plain),
    ];

    /// <summary>Null for the native API.</summary>
    public static string? Of(HttpContext http) => http.Features.Get<IReverseProxyFeature>() is { } proxy
        ? proxy.Route.Config.Metadata?.GetValueOrDefault(Shape)
        : Array.Find(Unknown, one => http.Request.Path.StartsWithSegments(one.Path, StringComparison.Ordinal)).Shape;

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
