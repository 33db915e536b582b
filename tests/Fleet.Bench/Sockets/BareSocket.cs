using System.Net;
using System.Net.WebSockets;
using Fleet.Bench.Packets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Bench.Sockets;

/// <summary>
/// The least that can be done: Kestrel, and a loop for each connection that sends back what it hears. Runs as a process of its own,
/// so that what it costs can be told apart.
/// </summary>
internal static class BareSocket
{
    public const string Command = "bare-socket";

    private const int BufferBytes = 4096;

    /// <summary>Prints its address, and serves until its input ends.</summary>
    public static async Task<int> Run()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Map(SocketClient.Path, Echo);
        app.Map(PacketCaller.Path, Echo);
        await app.StartAsync();
        await Console.Out.WriteLineAsync(app.Urls.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task Echo(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[BufferBytes];
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), http.RequestAborted);
                if (part.MessageType == WebSocketMessageType.Close)
                    break;
                await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, http.RequestAborted);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            // the client is gone
        }
    }
}
