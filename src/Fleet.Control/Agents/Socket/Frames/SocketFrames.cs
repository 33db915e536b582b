using System.Buffers;
using System.Net.WebSockets;

namespace Fleet.Control.Agents.Socket.Frames;

/// <summary>
/// Messages over one WebSocket: bounded ones in, one at a time out, and one end with a reason. While nothing comes it holds no
/// buffer.
/// </summary>
internal sealed class SocketFrames(WebSocket socket, LargeMessages large, SocketSettings settings, SocketClock clock) : IDisposable
{
    private const int FirstBytes = 4096;

    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Goodbye? _goodbye;
    private Task _closing = Task.CompletedTask;

    /// <summary>Cancelled at the end: nothing more is told or believed.</summary>
    public CancellationToken Ended => _ended.Token;

    public bool HasEnded => _ended.IsCancellationRequested;

    /// <summary>Why it ended; null before.</summary>
    public Goodbye? Why => _goodbye;

    /// <summary>The next message, to be disposed of; null when the connection is over. After its end nothing is kept.</summary>
    public async Task<SocketMessage?> Receive()
    {
        try
        {
            if (!HasEnded)
            {
                var first = await socket.ReceiveAsync(Memory<byte>.Empty, _aborted.Token);
                if (first.MessageType != WebSocketMessageType.Close)
                    return await Gather(first);
            }
            else
            {
                await Drain();
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or IOException)
        {
            // gone without a word
        }

        _over.TrySetResult();
        return null;
    }

    /// <summary>Returns when the message is on its way. An agent that does not read loses its connection.</summary>
    /// <exception cref="OperationCanceledException">The connection is over.</exception>
    public async Task Send(byte[] message)
    {
        await _sending.WaitAsync(Ended);
        try
        {
            using var slow = new CancellationTokenSource(TimeSpan.FromSeconds(settings.SendSeconds), clock.Time);
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, slow.Token);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or IOException)
        {
            End(new Goodbye(WebSocketCloseStatus.PolicyViolation, "messages are not read"));
            throw new OperationCanceledException("The agent does not read.", broken);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The first reason counts.</summary>
    /// <param name="last">A message before it; null for none.</param>
    public void End(Goodbye why, byte[]? last = null)
    {
        if (Interlocked.CompareExchange(ref _goodbye, why, null) is null)
            _closing = Close(why, last);
    }

    /// <summary>Returns when the other side has heard of the end, or had its time for it.</summary>
    public Task Closed() => _closing;

    public void Dispose()
    {
        _sending.Dispose();
        _ended.Dispose();
        _aborted.Dispose();
    }

    private async Task Close(Goodbye why, byte[]? last)
    {
        await _ended.CancelAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(settings.CloseSeconds), clock.Time);
        try
        {
            await _sending.WaitAsync(patience.Token);
            try
            {
                if (last is not null && socket.State == WebSocketState.Open)
                    await socket.SendAsync(last, WebSocketMessageType.Text, endOfMessage: true, patience.Token);
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync(why.Status, why.Reason, patience.Token);
            }
            finally
            {
                _sending.Release();
            }

            await using var abort = patience.Token.UnsafeRegister(static it => ((CancellationTokenSource)it!).Cancel(), _aborted);
            await _over.Task.WaitAsync(patience.Token);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or IOException)
        {
            await _aborted.CancelAsync();
        }
    }

    private async Task<SocketMessage?> Gather(ValueWebSocketReceiveResult first)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        var length = 0;
        for (var last = first; !last.EndOfMessage; length += last.Count)
        {
            if (length == buffer.Length && buffer.Length >= LargeMessages.SmallBytes)
                return await GatherLarge(buffer, length, first.MessageType);
            if (length == buffer.Length)
                buffer = Larger(buffer);
            last = await socket.ReceiveAsync(buffer.AsMemory(length), _aborted.Token);
        }

        return new SocketMessage(buffer.AsMemory(0, length), first.MessageType, buffer, null);
    }

    private async Task<SocketMessage?> GatherLarge(byte[] begun, int length, WebSocketMessageType type)
    {
        var place = await large.Take(Ended);
        try
        {
            begun.AsMemory(0, length).CopyTo(place.Buffer);
            ArrayPool<byte>.Shared.Return(begun);
            await using var limit = clock.Time.CreateTimer(
                _ => End(new Goodbye(WebSocketCloseStatus.PolicyViolation, "the message took too long to arrive")),
                null,
                TimeSpan.FromSeconds(settings.LargeMessageSeconds),
                Timeout.InfiniteTimeSpan);
            for (var isLast = false; !isLast && !HasEnded;)
            {
                if (length == place.Buffer.Length)
                    place.Grow(settings.MaxMessageBytes + 1);
                var next = await socket.ReceiveAsync(place.Buffer[length..], _aborted.Token);
                length += next.Count;
                isLast = next.EndOfMessage;
                if (length > settings.MaxMessageBytes)
                    End(new Goodbye(WebSocketCloseStatus.MessageTooBig, $"a message may have {settings.MaxMessageBytes} bytes"));
            }

            return new SocketMessage(place.Buffer[..length], type, null, place);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private async Task Drain()
    {
        var nothing = new byte[FirstBytes];
        while ((await socket.ReceiveAsync(nothing.AsMemory(), _aborted.Token)).MessageType != WebSocketMessageType.Close)
        {
            // what comes after the end is not for anybody
        }
    }

    private static byte[] Larger(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(4 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
