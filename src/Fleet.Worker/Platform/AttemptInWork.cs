namespace Fleet.Worker.Platform;

/// <summary>An attempt from its acceptance until Control has confirmed its end.</summary>
internal sealed class AttemptInWork(AttemptKey key)
{
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AttemptKey Key { get; } = key;

    /// <summary>How it is told to stop.</summary>
    public StopSignal Stop { get; } = new();

    /// <summary>Completes when the report that holds its end is stored.</summary>
    public Task Confirmed => _confirmed.Task;

    public void Confirm() => _confirmed.TrySetResult();
}
