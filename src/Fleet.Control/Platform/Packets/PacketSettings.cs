using System.ComponentModel.DataAnnotations;

namespace Fleet.Control.Platform.Packets;

/// <summary>The binary socket: section <c>Packets</c>.</summary>
public sealed class PacketSettings
{
    /// <summary>Connections of one process.</summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; set; } = 2000;

    /// <summary>Connections of one process from the same address: nobody takes all places.</summary>
    [Range(1, 100_000)]
    public int MaxConnectionsPerAddress { get; set; } = 500;

    /// <summary>Requests of one connection that are not answered yet; while there are so many, no more is read of it.</summary>
    [Range(1, 10_000)]
    public int MaxInFlight { get; set; } = 64;

    /// <summary>Logs that one connection follows at the same time.</summary>
    [Range(1, 1000)]
    public int MaxStreams { get; set; } = 16;

    /// <summary>Bytes of the largest message; more is answered with an error.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 256 * 1024;

    [Range(0.1, 3600)]
    public double PingSeconds { get; set; } = 20;

    /// <summary>Within which a ping is answered, or the connection ends.</summary>
    [Range(0.1, 3600)]
    public double PongSeconds { get; set; } = 60;

    /// <summary>A message that is not read within this time ends the connection.</summary>
    [Range(0.1, 3600)]
    public double SendSeconds { get; set; } = 60;
}
