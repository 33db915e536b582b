using System.Net.WebSockets;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Sockets;
using Fleet.Hosting.Stops;

namespace Fleet.Control.Platform.Packets;

/// <summary>The door of clients that speak binary packets: <c>/ws</c>. Each of their requests brings its key.</summary>
internal static class PacketEndpoints
{
    private const string Deflate = "permessage-deflate";
    private const string ServerWindow = "server_max_window_bits"; // an offer that is taken as it is, or not at all
    private const string Both = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    public static void MapPackets(this IEndpointRouteBuilder routes) =>
        routes.Map(PacketNote.Path, Connect).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> Connect(
        HttpContext context, PacketDispatcher dispatcher, PacketSettings settings, PacketPlaces places, CallerAddress callers,
        TimeProvider clock, Leaving leaving, ILogger<PacketConnection> log)
    {
        if (SocketHandshake.Refusal(context) is { } refusal)
        {
            context.Response.Headers.SecWebSocketVersion = "13";
            return refusal;
        }

        var address = callers.Nearest(context)?.ToString() ?? "";
        if (!places.TryTake(address))
        {
            context.Response.Headers.RetryAfter = "10";
            return SocketHandshake.Text(503, "Too many clients hang on this process.");
        }

        try
        {
            using var socket = await Accept(context, settings);
            using var connection = new PacketConnection(socket, address, dispatcher, settings, clock, log);
            await connection.Serve(leaving.Over);
        }
        finally
        {
            places.Return(address);
        }

        return Results.Empty;
    }

    /// <summary>What is offered packed is packed, each message for itself, in both directions.</summary>
    private static Task<WebSocket> Accept(HttpContext context, PacketSettings settings)
    {
        var offers = context.Request.Headers.SecWebSocketExtensions;
        var isOffered = offers.ToString().Split(',', ';').Any(word => word.Trim().Equals(Deflate, StringComparison.OrdinalIgnoreCase));
        if (isOffered && !offers.ToString().Contains(ServerWindow, StringComparison.OrdinalIgnoreCase))
            context.Request.Headers.SecWebSocketExtensions = Both;
        return context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            DangerousEnableCompression = isOffered, // no secret of one caller is packed with the words of another
            DisableServerContextTakeover = true,
            KeepAliveInterval = TimeSpan.FromSeconds(settings.PingSeconds),
            KeepAliveTimeout = TimeSpan.FromSeconds(settings.PongSeconds),
        });
    }
}
