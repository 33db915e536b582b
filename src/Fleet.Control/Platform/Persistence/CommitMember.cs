namespace Fleet.Control.Platform.Persistence;

/// <summary>One piece of work that joins a commit. It may be applied several times until its commit succeeds.</summary>
/// <param name="Patient">
/// Waits while the database is away, as a delivery of the bus should; the others fail, as a request should.
/// </param>
internal sealed record CommitMember(IReadOnlyCollection<Touch> Touches, Func<Unit, Task> Work, bool Patient)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    /// <summary>How often it met another process on a row, alone.</summary>
    public int Conflicts { get; set; }

    public void Succeed() => _done.TrySetResult();

    public void Fail(Exception reason) => _done.TrySetException(reason);
}
