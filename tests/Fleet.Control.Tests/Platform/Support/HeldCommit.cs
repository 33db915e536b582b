namespace Fleet.Control.Tests.Platform.Support;

/// <summary>A commit that is under way until it is disposed: what a test adds meanwhile gathers behind it.</summary>
internal sealed class HeldCommit : IAsyncDisposable
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldCommit(TestControl control) => Done = control.Commit(_ =>
    {
        _begun.TrySetResult();
        return _over.Task;
    });

    public Task Done { get; }

    public static async Task<HeldCommit> On(TestControl control)
    {
        var held = new HeldCommit(control);
        await held._begun.Task.Within();
        return held;
    }

    public void LetGo() => _over.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        LetGo();
        await Done.Within();
    }
}
