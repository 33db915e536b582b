using Fleet.Protocol.Packets;

namespace Fleet.Control.Platform.Packets;

internal static partial class PacketLog
{
    [LoggerMessage(LogLevel.Error, "The request {Opcode} failed")]
    public static partial void Failed(ILogger log, Opcode opcode, Exception failure);

    [LoggerMessage(LogLevel.Warning, "A request over the binary socket is not in the audit: {Reason}")]
    public static partial void NotAudited(ILogger log, string reason);

    [LoggerMessage(LogLevel.Error, "A connection of the binary socket failed")]
    public static partial void Broken(ILogger log, Exception failure);
}
