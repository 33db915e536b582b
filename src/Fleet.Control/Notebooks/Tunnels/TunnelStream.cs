using System.Net.WebSockets;

namespace Fleet.Control.Notebooks.Tunnels;

/// <summary>The bytes of a tunnel; says when whoever uses it has done with it.</summary>
internal sealed class TunnelStream(WebSocket socket) : Stream
{
    private const string Broken = "The tunnel broke off.";

    private readonly WebSocketStream _bytes = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It is not used any more.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Whether an end of which the other side did not say that it is one is a failure.</summary>
    public bool EndsByClose { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="IOException">It ended without a word, where that is a failure.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await _bytes.ReadAsync(buffer, cancellationToken);
            return count == 0 && !buffer.IsEmpty && EndsByClose && socket.CloseStatus is null ? throw new IOException(Broken) : count;
        }
        catch (Exception broken) when (EndsByClose && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(Broken, broken); // a socket has many ways to say that it is no more
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _bytes.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _bytes.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // what is written is sent
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The route that took the tunnel in closes its socket.</summary>
    protected override void Dispose(bool disposing)
    {
        _closed.TrySetResult();
        base.Dispose(disposing);
    }
}
