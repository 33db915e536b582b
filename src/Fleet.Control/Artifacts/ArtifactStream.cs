using System.Buffers;
using Fleet.Control.Platform.Artifacts;

namespace Fleet.Control.Artifacts;

/// <summary>The bytes of an artifact, read chunk by chunk as they are wanted. Holds one chunk.</summary>
internal sealed class ArtifactStream(ArtifactEntry artifact, ArtifactStore store) : Stream
{
    private byte[]? _chunk;
    private int _length;
    private long _number = -1;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => artifact.Size;
    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.IsEmpty)
            return 0;
        var (number, offset) = Math.DivRem(Position, artifact.ChunkSize);
        if (number != _number)
            await Load(number, cancellationToken);
        if (offset >= _length)
            throw new IOException("A chunk of the artifact is shorter than it should be.");
        var count = Math.Min(buffer.Length, _length - (int)offset);
        _chunk.AsMemory((int)offset, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _chunk, null) is { } chunk)
            ArrayPool<byte>.Shared.Return(chunk);
        base.Dispose(disposing);
    }

    private async Task Load(long number, CancellationToken stop)
    {
        _number = -1; // a read that fails leaves nothing usable
        _chunk ??= ArrayPool<byte>.Shared.Rent(artifact.ChunkSize);
        _length = await store.Read(artifact.ArtifactId, (int)number, _chunk, stop);
        _number = number;
    }
}
