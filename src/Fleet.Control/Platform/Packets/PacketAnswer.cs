using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Platform.Packets;

/// <summary>What a request is answered with.</summary>
internal abstract record PacketAnswer
{
    /// <param name="view">An object with <c>success</c> in it.</param>
    public static PacketAnswer Success(object view)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(view, FleetJson.Options);
        return new OnePacket(now => Packet.Success(now, json));
    }

    public static PacketAnswer Data(string type, object view)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(view, FleetJson.Options);
        return new OnePacket(now => Packet.Data(now, type, json));
    }

    public static PacketAnswer Error(PacketError error, string message, string details = "") =>
        new OnePacket(now => Packet.Error(now, error, message, details));

    public static PacketAnswer Of(PacketFaultException fault) => Error(fault.Error, fault.Message, fault.Details);

    /// <summary>A problem in the words of this wire.</summary>
    public static PacketAnswer Of(ProblemResult problem)
    {
        var error = problem switch
        {
            { Code: "database_unavailable" } => PacketError.Database,
            { Code: "timeout" } => PacketError.Timeout,
            { Status: 403 } => PacketError.PermissionDenied,
            { Status: 404 } => PacketError.NotFound,
            { Status: 409 } => PacketError.AlreadyExists,
            { Status: 429 or 503 } => PacketError.Overloaded,
            { Status: < 500 } => PacketError.InvalidRequest,
            _ => PacketError.Unknown,
        };
        return Error(error, problem.Detail, string.Join(", ", problem.Errors.Keys));
    }
}

/// <summary>One packet.</summary>
/// <param name="Write">Given the time, in milliseconds since 1970.</param>
internal sealed record OnePacket(Func<long, byte[]> Write) : PacketAnswer;

/// <summary>Packets one after another, ended by the last of them.</summary>
/// <param name="InTurn">Whether others wait for its end; else they pass it.</param>
internal sealed record ManyPackets(Func<CancellationToken, IAsyncEnumerable<OnePacket>> Write, bool InTurn) : PacketAnswer;
