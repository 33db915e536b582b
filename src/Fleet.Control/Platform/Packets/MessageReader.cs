using System.Buffers;
using System.Net.WebSockets;

namespace Fleet.Control.Platform.Packets;

/// <summary>
/// Binary messages of one socket, put together of their fragments. Text is passed over, of what is too long only that it is too long
/// is told, and while nothing comes there is no buffer.
/// </summary>
internal sealed class MessageReader(WebSocket socket, int mostBytes) : IDisposable
{
    private const int FirstBytes = 4096;

    private byte[]? _buffer;

    /// <summary>The next message; one that is too long comes as one byte more than may be. Null when the connection is over.</summary>
    public async Task<byte[]?> Next(CancellationToken stop)
    {
        while (true)
        {
            if (_buffer is null)
            {
                var sign = await socket.ReceiveAsync(Memory<byte>.Empty, stop);
                if (sign.MessageType == WebSocketMessageType.Close)
                    return null;
                if (sign.EndOfMessage && sign.MessageType == WebSocketMessageType.Binary)
                    return [];
                if (sign.EndOfMessage)
                    continue;
            }

            var (length, type) = await Gather(stop);
            if (type == WebSocketMessageType.Close)
                return null;
            var message = type == WebSocketMessageType.Binary
                ? length > mostBytes ? new byte[mostBytes + 1] : _buffer.AsSpan(0, length).ToArray()
                : null;
            Release();
            if (message is not null)
                return message;
        }
    }

    public void Dispose() => Release();

    private async Task<(int Length, WebSocketMessageType Type)> Gather(CancellationToken stop)
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(FirstBytes);
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
                Grow();
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * _buffer!.Length);
        _buffer.CopyTo(larger, 0);
        Release();
        _buffer = larger;
    }

    private void Release()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
