namespace Fleet.Worker.Platform.InHand;

/// <summary>Why an attempt is ended from outside.</summary>
internal enum StopReason
{
    Cancelled,
    AgentStopping,

    /// <summary>Control may give the attempt to another agent at any moment.</summary>
    LeaseLost,
}

/// <param name="Grace">Time between the polite request and the kill.</param>
internal sealed record StopRequest(StopReason Reason, TimeSpan Grace);

/// <summary>Asks an attempt to stop: the first reason counts, and patience may end early.</summary>
internal sealed class StopSignal
{
    private readonly TaskCompletionSource<StopRequest> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<StopRequest> Asked => _asked.Task;

    /// <summary>Completes when no grace is given any more.</summary>
    public Task Hurried => _hurry.Task;

    public void Ask(StopReason reason, TimeSpan grace) => _asked.TrySetResult(new StopRequest(reason, grace));

    public void Hurry() => _hurry.TrySetResult();

    /// <summary>One that is asked whenever this one is, and can be asked without it.</summary>
    public StopSignal Follower()
    {
        var stop = new StopSignal();
        _ = Asked.ContinueWith(asked => stop.Ask(asked.Result.Reason, asked.Result.Grace), TaskScheduler.Default);
        _ = Hurried.ContinueWith(_ => stop.Hurry(), TaskScheduler.Default);
        return stop;
    }
}
