namespace Fleet.Control.Platform.Persistence.Commits;

/// <summary>One piece of work that joins a commit. It may be applied several times until its commit succeeds.</summary>
/// <param name="WaitsForDatabase">
/// Waits while the database is away, as a delivery of the bus should; the others fail, as a request should.
/// </param>
internal sealed record CommitMember(IReadOnlyCollection<RowRef> Rows, Func<UnitOfWork, Task> Work, bool WaitsForDatabase)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDecided;

    public Task Done => _done.Task;

    /// <summary>How often it met another process on a row, alone.</summary>
    public int Conflicts { get; set; }

    /// <summary>False when whoever asked does not wait for it any more: then nothing of it happens.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref _isDecided, 1) == 0;

    /// <summary>Takes it back, unless it has begun.</summary>
    public void Withdraw(CancellationToken stop)
    {
        if (TryBegin())
            _done.TrySetCanceled(stop);
    }

    public void Succeed() => _done.TrySetResult();

    public void Fail(Exception reason) => _done.TrySetException(reason);
}
