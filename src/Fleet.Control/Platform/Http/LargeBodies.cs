using System.Collections.Concurrent;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// The places in which large bodies are read and parsed, each with a buffer that is used again. There are few, and who
/// comes when all are taken waits: a pool that all share keeps a buffer of each size for each thread, and under a few
/// hundred large bodies grows to gigabytes.
/// </summary>
internal sealed class LargeBodies(HttpSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _free = new(settings.LargeBodies);
    private readonly ConcurrentBag<byte[]> _buffers = [];

    /// <summary>How long a body may wait for a place, and how long it may then take to arrive.</summary>
    public TimeSpan Patience { get; } = TimeSpan.FromSeconds(settings.LargeBodySeconds);

    /// <summary>Places that nobody has.</summary>
    public int Free => _free.CurrentCount;

    /// <summary>A buffer with room for the largest body and one byte more.</summary>
    /// <exception cref="ProblemException">No place became free in time.</exception>
    public async Task<byte[]> Take(CancellationToken stop)
    {
        if (!await _free.WaitAsync(Patience, stop))
            throw new ProblemException(Problem.Unavailable("busy", "Too many large bodies are on their way at once."));
        return _buffers.TryTake(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(settings.MaxBodyBytes + 1);
    }

    public void Return(byte[] buffer)
    {
        _buffers.Add(buffer);
        _free.Release();
    }

    public void Dispose() => _free.Dispose();
}
