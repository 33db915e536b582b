using System.Buffers;
using System.Net.WebSockets;

namespace Fleet.Control.Platform.Packets;

/// <summary>
/// Binary messages of one socket, put together of their fragments. Text is passed over, and of what is too long only that it is too long
/// is told.
/// </summary>
internal sealed class MessageReader(WebSocket socket, int mostBytes) : IDisposable
{
    private const int FirstBytes = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);

    /// <summary>The next message; one that is too long comes as one byte more than may be. Null when the connection is over.</summary>
    public async ValueTask<byte[]?> Next(CancellationToken stop)
    {
        while (true)
        {
            var (length, type) = await Gather(stop);
            if (type == WebSocketMessageType.Close)
                return null;
            var message = type == WebSocketMessageType.Binary
                ? length > mostBytes ? new byte[mostBytes + 1] : _buffer.AsSpan(0, length).ToArray()
                : null;
            if (_buffer.Length > FirstBytes)
                Replace(FirstBytes);
            if (message is not null)
                return message;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _buffer, []));

    private async ValueTask<(int Length, WebSocketMessageType Type)> Gather(CancellationToken stop)
    {
        for (var length = 0; ;)
        {
            var room = length > mostBytes ? _buffer : _buffer.AsMemory(length); // what is too long is thrown away
            var part = await socket.ReceiveAsync(room, stop);
            if (part.MessageType == WebSocketMessageType.Text)
                length = 0;
            else if (length <= mostBytes)
                length += part.Count;
            if (part.EndOfMessage || part.MessageType == WebSocketMessageType.Close)
                return (length, part.MessageType);
            if (length == _buffer.Length && length <= mostBytes)
                Replace(2 * _buffer.Length);
        }
    }

    /// <summary>With what is in it, as far as there is room.</summary>
    private void Replace(int size)
    {
        var other = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, Math.Min(_buffer.Length, other.Length)).CopyTo(other);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = other;
    }
}
