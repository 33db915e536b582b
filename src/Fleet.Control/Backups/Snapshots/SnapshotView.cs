using System.Text.Json.Serialization;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Backups.Snapshots;

/// <summary>A snapshot as clients see it.</summary>
/// <param name="Id">Restic's whole id: 64 hexadecimal digits.</param>
internal sealed record SnapshotView(
    string Id,
    string ShortId,
    DateTimeOffset Time,
    string Agent,
    string Hostname,
    IReadOnlyList<string> Paths,
    IReadOnlyList<string> Tags,
    long? SizeBytes,
    long? FileCount,
    [property: JsonConverter(typeof(WireIdConverter))] Guid RepositoryId,
    DateTimeOffset RefreshedAt)
{
    public static SnapshotView Of(Snapshot row) => new(
        row.Id, row.ShortId, row.Time, row.Agent, row.Hostname, row.Paths, row.Tags, row.SizeBytes, row.FileCount, row.RepositoryId,
        row.ReportedAt);
}

/// <summary>What is in a directory of a snapshot, or was found in it.</summary>
/// <param name="IsCut">There is more than was asked for.</param>
internal sealed record SnapshotEntriesView(IReadOnlyList<SnapshotEntry> Items, bool IsCut);
