using System.Buffers;
using System.Net.WebSockets;

namespace Fleet.Control.Agents.Socket.Frames;

/// <summary>One whole message, in a buffer that goes back when it is disposed of.</summary>
internal sealed class SocketMessage(
    ReadOnlyMemory<byte> bytes, WebSocketMessageType type, byte[]? rented, LargeMessages.Place? place) : IDisposable
{
    public ReadOnlyMemory<byte> Bytes => bytes;

    public bool IsText => type == WebSocketMessageType.Text;

    public void Dispose()
    {
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        place?.Dispose();
    }
}

/// <summary>Why a connection ends, as the other side is told.</summary>
/// <param name="Reason">At most 123 bytes.</param>
internal sealed record Goodbye(WebSocketCloseStatus Status, string Reason)
{
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013; // IANA's registry of close codes

    public static Goodbye Gone { get; } = new(WebSocketCloseStatus.NormalClosure, "");

    public static Goodbye Stopping { get; } = new(WebSocketCloseStatus.EndpointUnavailable, "this server is stopping");

    public static Goodbye Refused(string reason) => new(WebSocketCloseStatus.PolicyViolation, reason);

    public static Goodbye Later(string reason) => new(TryAgainLater, reason);
}
