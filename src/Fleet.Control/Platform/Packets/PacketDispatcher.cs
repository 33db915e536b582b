using System.Collections.Frozen;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Platform.Packets;

/// <summary>
/// Answers requests of the binary socket: length, opcode, key, scope, body, and then the handler, in this order. Whatever goes wrong
/// is an error packet, and the connection lives on.
/// </summary>
internal sealed class PacketDispatcher
{
    private static readonly FrozenDictionary<Opcode, Scope> Scopes = PacketTable.All.ToFrozenDictionary(
        operation => operation.Opcode,
        operation => ScopeNames.TryParse(operation.Permission, out var scope)
            ? scope
            : throw new InvalidOperationException($"{operation.Permission} is no scope."));

    private readonly FrozenDictionary<Opcode, PacketHandler> _handlers;
    private readonly KeyHeads _keys;
    private readonly AuditTrail _audit;
    private readonly DatabaseClock _clock;
    private readonly ILogger<PacketDispatcher> _log;

    public PacketDispatcher(
        IEnumerable<IPacketHandlers> slices, KeyHeads keys, AuditTrail audit, DatabaseClock clock, ILogger<PacketDispatcher> log)
    {
        _handlers = slices.SelectMany(slice => slice.All).ToFrozenDictionary(handler => handler.Opcode);
        (_keys, _audit, _clock, _log) = (keys, audit, clock, log);
    }

    /// <summary>Opcodes that somebody answers.</summary>
    public IReadOnlyCollection<Opcode> Handled => _handlers.Keys;

    /// <summary>Whether it may run while others of its opcode do.</summary>
    public bool MayRunBeside(ReadOnlySpan<byte> message) =>
        !message.IsEmpty && _handlers.TryGetValue((Opcode)message[0], out var handler) && handler.MayRunBeside;

    public async ValueTask<PacketAnswer> Answer(byte[] message, string address, CancellationToken stop)
    {
        if (message.Length < PacketTable.Head)
            return PacketAnswer.Error(PacketError.InvalidRequest, PacketReader.TooShort);
        if (PacketTable.Find(message[0]) is not { } operation)
            return PacketAnswer.Error(PacketError.InvalidRequest, "unknown opcode", $"0x{message[0]:x2}");
        var handler = _handlers.GetValueOrDefault(operation.Opcode);
        PacketNote? note = null;
        PacketAnswer answer;
        try
        {
            var head = KeyHeads.Read(message.AsSpan(1, PacketTable.KeyBytes));
            var caller = await _keys.Find(head, stop);
            note = handler?.Audit is { } action ? new PacketNote(action, caller, address) : null;
            answer = await Answer(operation, handler, message, head, caller, note, stop);
        }
        catch (PacketFaultException fault)
        {
            answer = PacketAnswer.Of(fault);
        }
        catch (ProblemException refused)
        {
            answer = PacketAnswer.Of(refused.Problem);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            answer = Failed(operation.Opcode, failure);
        }

        if (note is { IsWritten: false })
            await Write(note, answer);
        return answer;
    }

    private static Task<PacketAnswer> Answer(
        PacketOperation operation, PacketHandler? handler, byte[] message, UInt128 head, Caller? caller, PacketNote? note,
        CancellationToken stop)
    {
        if (caller is null)
            return Task.FromResult(PacketAnswer.Error(PacketError.AuthenticationFailed, "authentication failed"));
        if (!caller.May(Scopes[operation.Opcode]))
            return Task.FromResult(PacketAnswer.Error(PacketError.PermissionDenied, "permission denied", operation.Permission));
        var request = operation.Read(message.AsSpan(PacketTable.Head));
        return handler is null
            ? Task.FromResult(PacketAnswer.Error(PacketError.Unavailable, "nothing here does this", operation.Opcode.ToString()))
            : handler.Answer(new PacketCall(caller, request, head, note, stop));
    }

    private PacketAnswer Failed(Opcode opcode, Exception failure)
    {
        if (DatabaseFailure.IsPassing(failure))
            return PacketAnswer.Error(PacketError.Database, "the database cannot be reached at the moment");
        PacketLog.Failed(_log, opcode, failure);
        return PacketAnswer.Error(PacketError.Unknown, "something went wrong inside Fleet");
    }

    private async Task Write(PacketNote note, PacketAnswer answer)
    {
        var code = answer is OnePacket one && one.Write(0) is [(byte)PacketType.Error, ..] error ? $"packet_{error[10]:x2}" : null;
        try
        {
            await _audit.Write([note.ToRow(_clock.Now, code is null ? 200 : 400, code)], waitsForDatabase: code is null);
        }
        catch (Exception away) when (DatabaseFailure.IsPassing(away) || away is OperationCanceledException)
        {
            PacketLog.NotAudited(_log, away.Message);
        }
    }
}
