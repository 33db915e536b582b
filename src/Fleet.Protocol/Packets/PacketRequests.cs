namespace Fleet.Protocol.Packets;

/// <summary>The body of a request, as its opcode has it.</summary>
public abstract record PacketRequest;

/// <summary>Queues a run of a commit.</summary>
/// <param name="Commit">20 bytes as lower-case hex.</param>
/// <param name="Priority">As on the wire: 1 (last) to 10 (first).</param>
/// <param name="Tracking">JSON; null where the opcode has none.</param>
/// <param name="Args">As a shell would read them.</param>
public sealed record QueueRequest(
    string Commit, byte Priority, string Name, string? Tracking = null, string? Snapshot = null, string? Args = null,
    string? Note = null) : PacketRequest;

/// <summary>Needs no words.</summary>
public sealed record PlainRequest : PacketRequest;

/// <summary>Names a job, a dataset, a notebook, a commit, or what is looked for.</summary>
public sealed record NameRequest(string Name) : PacketRequest;

/// <summary>What of finished runs is to go.</summary>
/// <param name="ByAge">Whether <paramref name="Value"/> is days, instead of how many stay.</param>
public sealed record PruneRequest(bool ByAge, uint Value) : PacketRequest;

/// <summary>A dataset and where it is.</summary>
public sealed record DatasetRequest(string Name, string Url) : PacketRequest;

/// <summary>A value of a metric.</summary>
/// <param name="Commit">Whose latest run it is of; null in the short form.</param>
public sealed record MetricRequest(string Name, double Value, string? Commit = null, uint? Step = null) : PacketRequest;

/// <summary>What is to be looked through.</summary>
/// <param name="IsJob">A job, instead of a commit.</param>
public sealed record ValidateRequest(bool IsJob, string Id) : PacketRequest;

/// <summary>A notebook to be started.</summary>
public sealed record NotebookRequest(string Name, string Workspace, string Password) : PacketRequest;

/// <summary>A notebook to be removed.</summary>
public sealed record NotebookRemoval(string Id, bool Purge) : PacketRequest;

/// <summary>A note about a run.</summary>
public sealed record NoteRequest(string Id, string Author, string Note) : PacketRequest;

/// <summary>A run, and JSON about it.</summary>
public sealed record RunRequest(string Id, string Json) : PacketRequest;

/// <summary>Two runs.</summary>
public sealed record CompareRequest(string A, string B) : PacketRequest;

/// <summary>What a job wrote.</summary>
public sealed record LogRequest(string Id, long After) : PacketRequest;
