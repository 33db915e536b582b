using System.Collections.Frozen;

namespace Fleet.Protocol.Packets;

/// <summary>An operation of the wire.</summary>
/// <param name="Permission">The scope that a key needs for it.</param>
/// <param name="Read">Reads its body, which begins behind the head.</param>
public sealed record PacketOperation(Opcode Opcode, string Permission, PacketRead Read);

/// <summary>Reads the body of a request.</summary>
public delegate PacketRequest PacketRead(ReadOnlySpan<byte> body);

/// <summary>Every operation there is: <c>[opcode:1][key hash:16][body]</c>.</summary>
public static class PacketTable
{
    /// <summary>Bytes of the opcode and of the key's hash.</summary>
    public const int Head = 1 + KeyBytes;

    /// <summary>The first bytes of SHA-256 of the key's text.</summary>
    public const int KeyBytes = 16;

    private const string Create = "jobs:create";
    private const string Look = "jobs:read";
    private const string Update = "jobs:update";
    private const string Datasets = "datasets:read";
    private const string Notebooks = "jupyter:read";
    private const string NotebooksManage = "jupyter:manage";

    /// <summary>In the order of their numbers.</summary>
    public static IReadOnlyList<PacketOperation> All { get; } =
    [
        new(Opcode.QueueJob, Create, QueueBodies.Queue),
        new(Opcode.Status, Look, PacketBodies.Plain),
        new(Opcode.CancelJob, Update, PacketBodies.Name),
        new(Opcode.Prune, Create, PacketBodies.Prune),
        new(Opcode.DatasetList, Datasets, PacketBodies.Plain),
        new(Opcode.DatasetRegister, "datasets:create", PacketBodies.Dataset),
        new(Opcode.DatasetInfo, Datasets, PacketBodies.Name),
        new(Opcode.DatasetSearch, Datasets, PacketBodies.Name),
        new(Opcode.LogMetric, Update, PacketBodies.Metric),
        new(Opcode.GetExperiment, Look, PacketBodies.Commit),
        new(Opcode.QueueJobWithTracking, Create, QueueBodies.QueueWithTracking),
        new(Opcode.StartNotebook, NotebooksManage, PacketBodies.Notebook),
        new(Opcode.StopNotebook, NotebooksManage, PacketBodies.Name),
        new(Opcode.ListNotebooks, Notebooks, PacketBodies.Plain),
        new(Opcode.Validate, Look, PacketBodies.Validate),
        new(Opcode.QueueJobWithSnapshot, Create, QueueBodies.QueueWithSnapshot),
        new(Opcode.RemoveNotebook, NotebooksManage, PacketBodies.NotebookRemoval),
        new(Opcode.RestoreNotebook, NotebooksManage, PacketBodies.Name),
        new(Opcode.QueueJobWithArgs, Create, QueueBodies.QueueWithArgs),
        new(Opcode.QueueJobWithNote, Create, QueueBodies.QueueWithNote),
        new(Opcode.AnnotateRun, Update, PacketBodies.Note),
        new(Opcode.SetNarrative, Update, PacketBodies.Narrative),
        new(Opcode.NotebookPackages, Notebooks, PacketBodies.Name),
        new(Opcode.GetLogs, Look, PacketBodies.Log),
        new(Opcode.StreamLogs, Look, PacketBodies.LogAfter),
        new(Opcode.QueryRun, Look, PacketBodies.Run),
        new(Opcode.CompareRuns, Look, PacketBodies.Compare),
        new(Opcode.FindRuns, Look, PacketBodies.Find),
        new(Opcode.ExportRun, Look, PacketBodies.Export),
        new(Opcode.SetOutcome, Update, PacketBodies.Outcome),
    ];

    private static readonly FrozenDictionary<byte, PacketOperation> ByCode =
        All.ToFrozenDictionary(operation => (byte)operation.Opcode);

    /// <summary>The operation of a request; null where there is no such opcode.</summary>
    public static PacketOperation? Find(byte opcode) => ByCode.GetValueOrDefault(opcode);
}
