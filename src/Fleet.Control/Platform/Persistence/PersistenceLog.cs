namespace Fleet.Control.Platform.Persistence;

/// <summary>Every line the engine's store can log.</summary>
internal sealed partial class PersistenceLog(ILogger<GroupCommit> logger)
{
    [LoggerMessage(1, LogLevel.Warning, "The database does not answer; deliveries wait, requests are refused: {Reason}")]
    public partial void DatabaseAway(string reason);

    [LoggerMessage(2, LogLevel.Information, "Waiting for the database: {Reason}")]
    public partial void WaitingForDatabase(string reason);

    [LoggerMessage(3, LogLevel.Information, "The database schema is up to date ({Count} migrations applied now)")]
    public partial void Migrated(int count);

    [LoggerMessage(5, LogLevel.Warning,
        "The database came out of a backup: what was not over may have run since, so {Count} pieces of work go on with later attempts")]
    public partial void Restored(int count);

    [LoggerMessage(4, LogLevel.Error, "Something is committed, and not everybody who listens could be told")]
    public partial void ListenerFailed(Exception failure);
}
