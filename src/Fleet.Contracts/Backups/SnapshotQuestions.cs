namespace Fleet.Contracts.Backups;

/// <summary>
/// Asks an agent about what is in a snapshot. The answer goes to <c>PUT
/// /v1/agents/{name}/answers/{question}</c>, streamed: for <see cref="List"/> and <see cref="Find"/> a <see
/// cref="SnapshotEntry"/> a line, as JSON in snake_case; for <see cref="Content"/> the bytes themselves. Where there is
/// none, a <see cref="NoAnswer"/> goes to <c>POST …/answers/{question}/failure</c>. A late answer is dropped.
/// </summary>
/// <param name="Question">Its id.</param>
/// <param name="Operation"><see cref="List"/>, <see cref="Find"/> or <see cref="Content"/>.</param>
/// <param name="Ticket">For the credentials; see <see cref="RepositoryTicket"/>.</param>
/// <param name="SnapshotId">The whole id.</param>
/// <param name="Path">Absolute, in the snapshot.</param>
/// <param name="TimeoutSeconds">Nobody waits longer for the first piece, nor for any later one.</param>
/// <param name="Name">With <see cref="Find"/>: a pattern with <c>*</c> and <c>?</c> that names of files match.</param>
/// <param name="Limit">With <see cref="List"/> and <see cref="Find"/>: how many entries are wanted.</param>
public sealed record ReadSnapshot(
    Guid Question,
    string Operation,
    string Ticket,
    string SnapshotId,
    string Path,
    double TimeoutSeconds,
    string? Name = null,
    int Limit = 10_000)
{
    /// <summary>The direct children of a directory.</summary>
    public const string List = "list";

    /// <summary>Everything below a path whose name matches.</summary>
    public const string Find = "find";

    /// <summary>The bytes of a file, or a directory as tar.</summary>
    public const string Content = "content";
}

/// <summary>A file or directory in a snapshot.</summary>
/// <param name="Type"><c>file dir symlink dev chardev fifo socket</c>.</param>
/// <param name="Size">Bytes; null where it has none.</param>
/// <param name="Mode">Permissions and type as Go's <c>FileMode</c> has them, as restic writes them.</param>
/// <param name="LinkTarget">Of a symlink, where restic tells it.</param>
public sealed record SnapshotEntry(
    string Name,
    string Type,
    string Path,
    long? Size = null,
    DateTimeOffset? Mtime = null,
    long? Mode = null,
    long? Uid = null,
    long? Gid = null,
    string? LinkTarget = null);

/// <summary>Why there is no answer.</summary>
/// <param name="Code">One of <see cref="BackupErrors"/>, or of those here.</param>
public sealed record NoAnswer(string Code, string Message)
{
    /// <summary>Nothing is at the path.</summary>
    public const string NoPath = "path_not_found";

    /// <summary>What is at the path is neither a file nor a directory, such as a link.</summary>
    public const string NoContent = "path_has_no_content";
}
