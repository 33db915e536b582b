namespace Fleet.Bench.References;

/// <summary>A lifecycle by hand: insert, command, started, finished; every step in the row and in a journal.</summary>
internal interface IReference : IAsyncDisposable
{
    string Name { get; }

    CompletionBoard Board { get; }

    /// <summary>Returns when the jobs are accepted durably.</summary>
    Task Submit(IReadOnlyList<Guid> jobIds, CancellationToken stop);
}
