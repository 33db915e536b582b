namespace Fleet.Control.Experiments.Runs;

/// <summary>Chunks as a stream of a length that is known before they are read.</summary>
internal sealed class ContentStream(IAsyncEnumerable<byte[]> chunks, long length) : Stream
{
    private IAsyncEnumerator<byte[]>? _chunks;
    private ReadOnlyMemory<byte> _rest;

    public override bool CanRead => true;
    public override bool CanSeek => true; // as far as its length and position are known
    public override bool CanWrite => false;
    public override long Length => length;
    public override long Position { get; set; }

    /// <exception cref="IOException">There is less of it than there should be.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= length || buffer.IsEmpty)
            return 0;
        _chunks ??= chunks.GetAsyncEnumerator(cancellationToken);
        while (_rest.IsEmpty)
        {
            if (!await _chunks.MoveNextAsync())
                throw new IOException("Content went away while it was read.");
            _rest = _chunks.Current;
        }

        var count = (int)Math.Min(Math.Min(buffer.Length, _rest.Length), length - Position);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        if (_chunks is not null)
            await _chunks.DisposeAsync();
        await base.DisposeAsync();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
