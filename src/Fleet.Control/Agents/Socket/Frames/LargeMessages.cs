namespace Fleet.Control.Agents.Socket.Frames;

/// <summary>
/// The places in which long messages of agents are read, each with a buffer of its own. There are few, so that all agents together
/// cannot fill the memory; who comes when all are taken waits, and its agent with it.
/// </summary>
internal sealed class LargeMessages(SocketSettings settings) : IDisposable
{
    /// <summary>Bytes of a message that needs no place.</summary>
    public const int SmallBytes = 64 * 1024;

    private readonly SemaphoreSlim _free = new(settings.LargeMessages);

    public async Task<Place> Take(CancellationToken stop)
    {
        await _free.WaitAsync(stop);
        return new Place(this);
    }

    public void Dispose() => _free.Dispose();

    /// <summary>A buffer for one message.</summary>
    public sealed class Place(LargeMessages places) : IDisposable
    {
        private byte[] _buffer = GC.AllocateUninitializedArray<byte>(4 * SmallBytes);

        public Memory<byte> Buffer => _buffer;

        /// <summary>Makes room for more, at most for so many bytes.</summary>
        public void Grow(int most) => Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, most));

        public void Dispose() => places._free.Release();
    }
}
