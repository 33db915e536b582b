using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Hosts;

/// <summary>Body of <c>POST /api/hosts/{id}/jobs</c>.</summary>
/// <param name="Kind">One of <see cref="BackupKinds"/>.</param>
/// <param name="Args">
/// An object with fields of <c>POST /v1/backups</c>, or a list: with <c>backup</c> the source group, with <c>restore</c> the
/// snapshot and paths in it, with <c>diff</c> two snapshots, with all others the repository. Where the repository is left out, it
/// is the host's, if that has one alone.
/// </param>
internal sealed record HostJobRequest(string Kind, JsonElement? Args = null)
{
    /// <summary>As <c>POST /v1/backups</c> takes it.</summary>
    /// <exception cref="ProblemException">The arguments are none of this kind.</exception>
    public string ToBackup(string host, IReadOnlyList<AgentRepository> known)
    {
        var body = Args switch
        {
            null or { ValueKind: JsonValueKind.Null } => new JsonObject(),
            { ValueKind: JsonValueKind.Object } fields => JsonObject.Create(fields)!,
            { ValueKind: JsonValueKind.Array } list => Named(Texts(list)),
            _ => throw Wrong("This must be an object or a list."),
        };
        Say(body, "kind", Kind);
        Say(body, "agent", host);
        if (Kind != BackupKinds.Backup && !body.ContainsKey("repository") && !body.ContainsKey("source_group") && known.Count == 1)
            body["repository"] = known[0].Id;
        return body.ToJsonString();
    }

    /// <summary>What the path and the request say already; arguments may only say the same.</summary>
    private static void Say(JsonObject body, string name, string value)
    {
        if (body[name] is { } said && said.ToString() != value)
            throw new ProblemException(Problem.Invalid($"args.{name}", $"This is {value}, as the request says beside its arguments."));
        body[name] = value;
    }

    private JsonObject Named(string[] args)
    {
        var body = new JsonObject();
        var names = Kind switch
        {
            BackupKinds.Backup => ["source_group"],
            BackupKinds.Diff => ["snapshot_a", "snapshot_b"],
            BackupKinds.Restore => ["snapshot_id"],
            _ => (string[])["repository"],
        };
        if (Kind != BackupKinds.Restore && args.Length > names.Length)
            throw Wrong($"This kind takes {string.Join(" and ", names)}, and nothing more.");
        foreach (var (name, arg) in names.Zip(args))
            body[name] = arg;
        if (Kind == BackupKinds.Restore && args.Length > 1)
            body["paths"] = new JsonArray([.. args.Skip(1).Select(path => JsonValue.Create(path))]);
        return body;
    }

    private static string[] Texts(JsonElement list)
    {
        var texts = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            texts.Add(item.ValueKind == JsonValueKind.String
                ? item.GetString()!
                : throw new ProblemException(Problem.Invalid($"args[{texts.Count}]", "This must be text.")));
        }

        return [.. texts];
    }

    private static ProblemException Wrong(string sentence) => new(Problem.Invalid("args", sentence));
}

/// <summary>A job that was accepted.</summary>
internal sealed record HostJobView([property: JsonConverter(typeof(WireIdConverter))] Guid JobId, string Kind, string Status);

/// <summary>The snapshots of a host.</summary>
/// <param name="RefreshedAt">When the host told of them last; null if it never did.</param>
internal sealed record HostSnapshotsView(IReadOnlyList<HostSnapshotView> Snapshots, DateTimeOffset? RefreshedAt);

/// <summary>One snapshot, in the words of the socket; 0 where nobody knows.</summary>
internal sealed record HostSnapshotView(
    string Id,
    string ShortId,
    DateTimeOffset Time,
    string Hostname,
    IReadOnlyList<string> Paths,
    IReadOnlyList<string> Tags,
    long SizeBytes,
    long FileCount)
{
    public static HostSnapshotView Of(ReportedSnapshot one) => new(
        one.Id, one.ShortId, one.Time, one.Hostname, one.Paths, one.Tags ?? [], one.SizeBytes ?? 0, one.FileCount ?? 0);
}
