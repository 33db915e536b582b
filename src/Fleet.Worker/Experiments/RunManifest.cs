using System.Text.Json;
using Fleet.Contracts.Experiments;
using Fleet.Contracts.Jobs;
using Fleet.Protocol.Ids;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Experiments;

/// <summary>
/// What a run began with, as an artifact of it: which files with which digests, which data, which command. It is written before
/// any process of the run is there.
/// </summary>
internal static class RunManifest
{
    public const string FileName = "run-manifest.json";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static void Write(
        AttemptContext attempt, ExperimentSnapshot snapshot, IReadOnlyList<SnapshotDataset> datasets, CommandSpec command,
        DateTimeOffset now)
    {
        var path = Path.Combine(attempt.Directory.Artifacts, FileName);
        using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        {
            JsonSerializer.Serialize(file, Of(attempt.Key, snapshot, datasets, command, now), _json);
        }

        attempt.Directory.Give(path);
    }

    private static object Of(
        AttemptKey key, ExperimentSnapshot snapshot, IReadOnlyList<SnapshotDataset> datasets, CommandSpec command, DateTimeOffset now) =>
        new
        {
            RunId = WireId.Format(key.WorkId),
            key.Attempt,
            CommitId = snapshot.Commit,
            snapshot.OverallSha,
            FilesCount = snapshot.Files.Count,
            snapshot.Files,
            Datasets = datasets,
            Command = (string[])[command.Program!, .. command.Args ?? []],
            Env = command.Env!.Keys.Order(StringComparer.Ordinal),
            snapshot.Dependencies,
            StagedAt = now,
        };
}
