using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Idempotency;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Platform.Packets;

/// <summary>A request whose key and scopes were found good.</summary>
/// <param name="Head">The head of the key's hash, by which it can be looked at again.</param>
/// <param name="Note">The audit's row of it; null for what changes nothing.</param>
internal sealed record PacketCall(Caller Caller, PacketRequest Request, UInt128 Head, PacketNote? Note, CancellationToken Stop)
{
    /// <summary>Who asks, as operations want to know it.</summary>
    public Request By => new(Caller, Audit: Note);

    public T Body<T>() where T : PacketRequest => (T)Request;
}

/// <summary>Does what an opcode asks for.</summary>
/// <param name="Audit">What the audit calls it; null for what changes nothing.</param>
/// <param name="MayRunBeside">Whether it may run while others of its like do: their order means nothing.</param>
internal sealed record PacketHandler(
    Opcode Opcode, Func<PacketCall, Task<PacketAnswer>> Answer, string? Audit = null, bool MayRunBeside = false);

/// <summary>The handlers of a slice.</summary>
internal interface IPacketHandlers
{
    IEnumerable<PacketHandler> All { get; }
}
