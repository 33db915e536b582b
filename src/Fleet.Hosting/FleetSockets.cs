using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Hosting;

/// <summary>How servers pass bytes between sockets and handlers.</summary>
public static class FleetSockets
{
    /// <summary>
    /// What is written is sent by the thread that wrote it, and what came is handled by the one that heard of it, so a piece of
    /// a stream changes threads less often on its way. Kestrel calls it unsafe because a handler that blocks holds up such a
    /// thread; it is one of the pool, and handlers wait without it.
    /// </summary>
    public static void AddInlineSockets(this IHostApplicationBuilder builder) =>
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
}
