namespace Fleet.Protocol.AgentSocket;

/// <summary>Asks an agent what is in a directory of a snapshot.</summary>
public sealed record TreeList(string SnapshotId, string Path)
{
    public byte[] Write(string id) => Envelope.Write("tree.list", id, this);
}

/// <summary>
/// Asks an agent that has the feature to search a snapshot, or for what is in a file. The answer does not come over the socket: it is
/// streamed to <c>PUT /v1/agents/{name}/answers/{id}</c>, where the id is that of the envelope, with the agent's token.
/// </summary>
/// <param name="Operation"><c>find</c>: an entry a line, as JSON; <c>content</c>: the bytes of a file, or a directory as tar.</param>
/// <param name="Name">With <c>find</c>: a pattern with <c>*</c> and <c>?</c> that names match.</param>
/// <param name="Limit">With <c>find</c>: how many entries are wanted.</param>
/// <param name="TimeoutS">Seconds that somebody waits for the first piece, and for each later one.</param>
public sealed record SnapshotRead(string Operation, string SnapshotId, string Path, string? Name, int? Limit, double TimeoutS)
{
    public byte[] Write(string id) => Envelope.Write("snapshot.read", id, this);
}

/// <summary>The answer to a <see cref="TreeList"/>.</summary>
/// <param name="Id">Of the question's envelope.</param>
/// <param name="Entries">Direct children only.</param>
/// <param name="Error">Why there is no answer; null where there is.</param>
public sealed record TreeListResult(string Id, IReadOnlyList<TreeEntry> Entries, string? Error) : AgentMessage
{
    public const string Type = "tree.list.result";

    internal static TreeListResult Read(Envelope envelope) => new(
        envelope.Id ?? throw new WireFaultException(WireFaults.BadRequest, "id is needed: it says which question this answers."),
        envelope.Payload.Objects("entries", TreeEntry.Read),
        envelope.Payload.TextOrNull("error", 10_000) is { Length: > 0 } error ? error : null);
}

/// <summary>A file or directory in a snapshot, as restic lists it.</summary>
/// <param name="Type"><c>file dir symlink dev chardev fifo socket</c>.</param>
public sealed record TreeEntry(
    string Name,
    string Type,
    string? Path,
    long? Size,
    DateTimeOffset? Mtime,
    long? Mode,
    long? Uid,
    long? Gid,
    string? LinkTarget)
{
    internal static TreeEntry Read(PayloadReader fields) => new(
        fields.Text("name", 10_000),
        fields.Text("type", 32),
        fields.TextOrNull("path", 100_000),
        fields.WholeOrNull("size", 0),
        fields.TimeOrNull("mtime"),
        fields.WholeOrNull("mode", 0),
        fields.WholeOrNull("uid", 0),
        fields.WholeOrNull("gid", 0),
        fields.TextOrNull("linktarget", 100_000));
}
