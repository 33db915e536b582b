using Fleet.Control.Platform.Access.Keys;
using Fleet.Hosting;

namespace Fleet.Control.Platform.Packets;

/// <summary>The binary socket; what its opcodes do, slices say.</summary>
internal static class PacketsModule
{
    public static void AddPackets(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<PacketSettings>("Packets");
        builder.Services.AddSingleton<KeyHeads>();
        builder.Services.AddSingleton<PacketDispatcher>();
        builder.Services.AddSingleton<PacketPlaces>();
    }
}
