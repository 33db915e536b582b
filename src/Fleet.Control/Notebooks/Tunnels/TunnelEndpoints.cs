using Fleet.Contracts.Notebooks;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Sockets;

namespace Fleet.Control.Notebooks.Tunnels;

/// <summary>Where agents bring the tunnels that they were asked for, with their own tokens.</summary>
internal static class TunnelEndpoints
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(20);

    public static void MapTunnels(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/agents/{name}/tunnels/{tunnel}", Arrive)
            .OnlyForAgents().WithMetadata(new EndsWithKey()).ExcludeFromDescription();

    /// <summary>
    /// It lasts as long as whoever uses it, or until the agent or its token is gone: a Control that leaves lets requests on it end.
    /// </summary>
    private static async Task<IResult> Arrive(
        string name, string tunnel, HttpContext context, Caller caller, TunnelExchange tunnels)
    {
        if (!caller.IsOrManages(name))
            return Problem.Forbidden("This token belongs to another agent.");
        if (SocketHandshake.Refusal(context) is { } refusal)
            return refusal;
        if (!Guid.TryParseExact(tunnel, "N", out var id) || tunnels.Find(id, name) is not { } waiting)
            return Results.StatusCode(StatusCodes.Status421MisdirectedRequest);
        if (context.Request.Headers.ContainsKey(OpenTunnel.RefusedHeader))
        {
            waiting.Refuse();
            return Results.NoContent();
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Beat });
        await using var bytes = new TunnelStream(socket);
        if (waiting.Arrive(new Tunnel(bytes, context.Request.Headers[OpenTunnel.TokenHeader].ToString())))
            await bytes.Closed.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Results.Empty;
    }
}
