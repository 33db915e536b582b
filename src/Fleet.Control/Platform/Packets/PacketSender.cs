using System.Net.WebSockets;

namespace Fleet.Control.Platform.Packets;

/// <summary>Packets to one client, one at a time. A client that does not read loses its connection.</summary>
internal sealed class PacketSender(WebSocket socket, PacketSettings settings, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _sending = new(1);

    /// <param name="over">Cancelled at the end of the connection.</param>
    /// <exception cref="OperationCanceledException">The connection is over.</exception>
    public async ValueTask Send(OnePacket packet, CancellationToken over)
    {
        var bytes = packet.Write(clock.GetUtcNow().ToUnixTimeMilliseconds());
        await _sending.WaitAsync(over);
        try
        {
            var sent = socket.SendAsync(bytes.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            if (!sent.IsCompletedSuccessfully)
                await sent.AsTask().WaitAsync(TimeSpan.FromSeconds(settings.SendSeconds), clock, over);
        }
        catch (TimeoutException late)
        {
            socket.Abort();
            throw new OperationCanceledException("The client does not read.", late);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Whatever state the connection is in.</summary>
    public async Task Close(WebSocketCloseStatus status, string reason)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(status, reason, CancellationToken.None).WaitAsync(Goodbye, clock);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or TimeoutException
            or ObjectDisposedException or InvalidOperationException)
        {
            socket.Abort();
        }
    }

    public void Dispose() => _sending.Dispose();
}
