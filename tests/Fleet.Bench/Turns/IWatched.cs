namespace Fleet.Bench.Turns;

/// <summary>A server whose streams are watched while answers are written.</summary>
internal interface IWatched
{
    string Name { get; }

    /// <summary>Begins an answer of so many words.</summary>
    /// <returns>The id by which it is watched.</returns>
    Task<string> Begin(CancellationToken stop);

    Task<Stream> Watch(string answer, CancellationToken stop);

    /// <summary>Whether the process of this role carries what watchers get.</summary>
    bool Carries(string role);
}
