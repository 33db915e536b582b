using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Platform.InHand;

/// <summary>An attempt from its acceptance until Control has confirmed its end.</summary>
internal sealed class AttemptInWork(AttemptKey key)
{
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ChildMark? _child;

    public AttemptKey Key { get; } = key;

    /// <summary>Of the lease, when it was accepted: see <see cref="Leases.Lease.Term"/>.</summary>
    public int Term { get; set; }

    /// <summary>Its processes, while it has any.</summary>
    public ChildMark? Child { get => _child; set => _child = value; }

    /// <summary>How it is told to stop.</summary>
    public StopSignal Stop { get; } = new();

    /// <summary>Completes when the report that holds its end is stored.</summary>
    public Task Confirmed => _confirmed.Task;

    public void Confirm() => _confirmed.TrySetResult();
}
