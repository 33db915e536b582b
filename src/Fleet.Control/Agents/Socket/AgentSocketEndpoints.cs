using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http.Sockets;

namespace Fleet.Control.Agents.Socket;

/// <summary>The door of agents that hang on a socket: <c>/ws/agent</c>.</summary>
internal static class AgentSocketEndpoints
{
    public static void MapAgentSocket(this IEndpointRouteBuilder routes) =>
        routes.Map("/ws/agent", Connect).AllowAnonymous().ExcludeFromDescription();

    /// <summary>Whatever is wrong with the token, the answer is the same, and comes before anything else is looked at.</summary>
    private static async Task<IResult> Connect(
        HttpContext context,
        ApiKeyCache keys,
        ConnectionLimit limit,
        OpenSockets open,
        SocketServer server,
        SocketSettings settings)
    {
        var token = SecretText.OfBearer(context.Request);
        if (!SecretText.TryHash(token, SecretText.AgentToken, out var hash)
            || await keys.Find(hash, context.RequestAborted) is not { Agent: { } agent })
        {
            return SocketHandshake.Text(401, "unauthorized");
        }

        if (SocketHandshake.Refusal(context) is { } refusal)
            return refusal;
        if (!limit.TryEnter(agent))
            return Wait(context, 429, "This agent connects too often.");
        if (open.Count >= settings.MaxConnections)
            return Wait(context, 503, "Too many agents hang on this process.");
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = TimeSpan.FromSeconds(settings.PingSeconds),
            KeepAliveTimeout = TimeSpan.FromSeconds(settings.PongSeconds),
        });
        await server.Serve(socket, agent, HelpFor(context.Request));
        return Results.Empty;
    }

    private static IResult Wait(HttpContext context, int status, string sentence)
    {
        context.Response.Headers.RetryAfter = "10";
        return SocketHandshake.Text(status, sentence);
    }

    /// <summary>The reference of this very server, as the agent reaches it.</summary>
    private static string HelpFor(HttpRequest request)
    {
        var scheme = request.Headers["X-Forwarded-Proto"] is [{ Length: > 0 } said] ? said : request.Scheme;
        var host = request.Headers["X-Forwarded-Host"] is [{ Length: > 0 } name] ? name : request.Host.Value;
        return $"{scheme}://{host}/docs";
    }
}
