using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Backups.Repositories;

/// <summary>A repository as clients see it: without its secrets.</summary>
/// <param name="Url">Without user and password.</param>
/// <param name="HasAdmin">Whether it has a second slot of credentials, for what removes.</param>
internal sealed record RepositoryView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid RepositoryId,
    string Name,
    string Url,
    bool HasAdmin,
    string? Agent,
    int? UploadKibPerSecond,
    int? DownloadKibPerSecond,
    int? Nice,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string CreatedBy,
    RepositoryStatsView Stats)
{
    public static RepositoryView Of(Repository row) => new(
        row.Id, row.Name, row.Url, row.HasAdmin, row.Agent, row.UploadKibPerSecond, row.DownloadKibPerSecond, row.Nice, row.CreatedAt,
        row.UpdatedAt, row.CreatedBy, RepositoryStatsView.Of(row));

    public static string PathOf(Guid id) => $"/v1/repositories/{WireId.Format(id)}";
}

/// <summary>What agents said of it last; null where nobody has said anything.</summary>
/// <param name="DedupRatio">How often each stored byte is used: the size of all files of all snapshots by what they take.</param>
internal sealed record RepositoryStatsView(
    long? TotalSizeBytes,
    long? RawSizeBytes,
    double? DedupRatio,
    long? UniqueFiles,
    long? SnapshotCount,
    DateTimeOffset? LastCheckAt,
    string? LastCheckStatus,
    bool? LockPresent,
    DateTimeOffset? LastPruneAt,
    long? LastPruneFreedBytes,
    DateTimeOffset? At)
{
    public static RepositoryStatsView Of(Repository row) => new(
        row.TotalSizeBytes, row.RawSizeBytes, Ratio(row.TotalSizeBytes, row.RawSizeBytes), row.UniqueFiles, row.SnapshotCount,
        row.LastCheckAt, row.LastCheckStatus, row.LockPresent, row.LastPruneAt, row.LastPruneFreedBytes, row.StatsAt);

    public static double? Ratio(long? total, long? raw) => total is { } all && raw is > 0 and var stored ? (double)all / stored : null;
}

/// <summary>How large a repository was at a time.</summary>
internal sealed record RepositorySizeView(
    DateTimeOffset At, long? TotalSizeBytes, long? RawSizeBytes, double? DedupRatio, long? SnapshotCount);
