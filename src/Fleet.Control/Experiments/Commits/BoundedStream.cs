namespace Fleet.Control.Experiments.Commits;

/// <summary>Ends what is too large unpacked, and headers that are: the reader of tars holds each as a whole.</summary>
/// <param name="most">Bytes in all.</param>
internal sealed class BoundedStream(Stream tar, long most) : Stream
{
    /// <summary>Files are read in parts no larger than this.</summary>
    private const int LargestRead = 1024 * 1024;

    private long _left = most;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length > LargestRead)
            throw new InvalidDataException("A header in it is too large.");
        var count = await tar.ReadAsync(buffer, cancellationToken);
        _left -= count;
        return _left >= 0 ? count : throw new InvalidDataException("Unpacked it is larger than a commit may be.");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        await tar.DisposeAsync();
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
