namespace Fleet.Control.Platform.Persistence.Commits;

/// <summary>Hears of every unit right after its commit. Losing a notice must lose nothing but time.</summary>
internal interface ICommitListener
{
    void Committed(UnitOfWork unit);
}

/// <summary>Passes committed units on to whoever listens.</summary>
internal sealed class CommitNotices(IServiceProvider services)
{
    private readonly Lazy<ICommitListener[]> _listeners = new(() => [.. services.GetServices<ICommitListener>()]);

    public void Committed(UnitOfWork unit)
    {
        foreach (var listener in _listeners.Value)
            listener.Committed(unit);
        foreach (var action in unit.AfterCommit)
            action();
    }
}
