using System.Collections.Concurrent;
using System.Diagnostics;

namespace Fleet.Bench.References;

/// <summary>Learns of every durable end, once per job, and tells those who wait for one or for all of a run.</summary>
internal sealed class CompletionBoard
{
    private ConcurrentDictionary<Guid, TaskCompletionSource<long>> _jobs = [];
    private TaskCompletionSource<long> _all = NewPromise();
    private int _left;

    public Task<long> All => _all.Task;

    public void Begin(int jobs)
    {
        _jobs = [];
        _all = NewPromise();
        _left = jobs;
    }

    /// <summary>The <see cref="Stopwatch"/> timestamp of the job's end; may be asked before and after it.</summary>
    public Task<long> EndOf(Guid jobId) => Job(jobId).Task;

    public void Done(Guid jobId)
    {
        var now = Stopwatch.GetTimestamp();
        if (Job(jobId).TrySetResult(now) && Interlocked.Decrement(ref _left) == 0)
            _all.TrySetResult(now);
    }

    private TaskCompletionSource<long> Job(Guid jobId) => _jobs.GetOrAdd(jobId, static _ => NewPromise());

    private static TaskCompletionSource<long> NewPromise() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
