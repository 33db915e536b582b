using System.Collections.Concurrent;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// The places in which large bodies are read and parsed, each with a buffer that is used again. There are few, and who
/// comes when all are taken waits: a pool that all share keeps a buffer of each size for each thread, and under a few
/// hundred large bodies grows to gigabytes. Nobody has more than half of them, so that none waits for one caller alone.
/// </summary>
internal sealed class LargeBodies(HttpSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _free = new(settings.LargeBodies);
    private readonly ConcurrentBag<byte[]> _buffers = [];
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _shares = new();

    /// <summary>How long a body may wait for a place.</summary>
    public TimeSpan Patience { get; } = TimeSpan.FromSeconds(settings.LargeBodySeconds);

    /// <summary>Places that nobody has.</summary>
    public int Free => _free.CurrentCount;

    /// <summary>How long so many bytes of a body may take to arrive: who holds a place may not dawdle.</summary>
    public TimeSpan TimeFor(int bytes) =>
        TimeSpan.FromSeconds(settings.LargeBodyGraceSeconds + (double)bytes / settings.LargeBodyBytesPerSecond);

    /// <summary>A buffer with room for the largest body and one byte more.</summary>
    /// <param name="caller">Whose body it is; bodies of one caller wait for each other first.</param>
    /// <exception cref="ProblemException">No place became free in time.</exception>
    public async Task<byte[]> Take(string caller, CancellationToken stop)
    {
        var share = _shares.GetOrAdd(caller, _ => new SemaphoreSlim(Math.Max(1, settings.LargeBodies / 2)));
        if (!await share.WaitAsync(Patience, stop))
            throw Busy();
        try
        {
            if (!await _free.WaitAsync(Patience, stop))
                throw Busy();
        }
        catch
        {
            share.Release();
            throw;
        }

        return _buffers.TryTake(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(settings.MaxBodyBytes + 1);
    }

    public void Return(string caller, byte[] buffer)
    {
        _buffers.Add(buffer);
        _free.Release();
        if (_shares.TryGetValue(caller, out var share))
            share.Release();
    }

    public void Dispose() => _free.Dispose();

    private static ProblemException Busy() => new(Problem.Unavailable("busy", "Too many large bodies are on their way at once."));
}
