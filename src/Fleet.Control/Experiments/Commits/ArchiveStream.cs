using System.IO.Compression;

namespace Fleet.Control.Experiments.Commits;

/// <summary>A body that is a tar, or a tar that is packed by gzip: told by its first bytes.</summary>
internal static class ArchiveStream
{
    /// <param name="most">Bytes of it, unpacked; with more it is broken off.</param>
    public static async Task<Stream> Open(Stream body, long most, CancellationToken stop)
    {
        var first = new byte[2];
        var length = await body.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, stop);
        var whole = new Preceded(first.AsMemory(0, length), body);
        return new BoundedStream(first is [0x1F, 0x8B] ? new GZipStream(whole, CompressionMode.Decompress) : whole, most);
    }

    /// <summary>A stream whose first bytes were read already.</summary>
    private sealed class Preceded(ReadOnlyMemory<byte> first, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _first = first;

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
            if (_first.IsEmpty)
                return await rest.ReadAsync(buffer, cancellationToken);
            var count = Math.Min(buffer.Length, _first.Length);
            _first[..count].CopyTo(buffer);
            _first = _first[count..];
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }
    }
}
