using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Experiments;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Experiments;

/// <summary>
/// Puts the files of a commit into the directory of an attempt before any process of it runs, each verified by its digest, and
/// all of them by that of their listing. What is not right ends it: nothing is started then.
/// </summary>
internal sealed class SnapshotStager(SnapshotClient client)
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="StagingException">A file is missing, or not what it should be.</exception>
    public async Task<ExperimentSnapshot> Stage(AttemptContext attempt, ExperimentSpec run, CancellationToken stop)
    {
        var snapshot = await client.Snapshot(attempt.Key, run.Commit, stop);
        var listing = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ExperimentSnapshot.Listing(snapshot.Files))));
        if (snapshot.Commit != run.Commit || listing != snapshot.OverallSha)
            throw Corrupt($"The listing of the commit {run.Commit}");
        foreach (var file in snapshot.Files)
            await Stage(attempt, file, stop);
        return snapshot;
    }

    private async Task Stage(AttemptContext attempt, SnapshotFile file, CancellationToken stop)
    {
        var path = Place(attempt.Directory, file.Path);
        using var answer = await client.File(attempt.Key, file, stop);
        await using var body = await answer.Content.ReadAsStreamAsync(stop);
        string digest;
        try
        {
            digest = await FileDownload.Write(body, path, file.Executable ? Plain | UnixFileMode.UserExecute : Plain, file.Size, stop);
        }
        catch (Exception broken) when (broken is HttpRequestException or HttpIOException or InvalidDataException)
        {
            throw new StagingException(
                ExperimentErrors.SnapshotCorrupt, $"The file {file.Path} did not come as a whole.", isFinal: false, broken);
        }

        if (digest != file.Sha256)
            throw Corrupt($"The file {file.Path}");
        attempt.Directory.Give(path);
    }

    /// <summary>Nobody else is in that directory yet, so what is made here is what it looks like.</summary>
    private static string Place(AttemptDirectory directory, string path)
    {
        var place = directory.Work;
        var parts = path.Split('/');
        if (parts.Any(part => part is "" or "." or ".." || part.Contains('\0')))
            throw Corrupt($"The name {path}");
        foreach (var part in parts[..^1])
        {
            place = Path.Combine(place, part);
            if (Directory.Exists(place))
                continue;
            Directory.CreateDirectory(place, Plain | UnixFileMode.UserExecute);
            directory.Give(place);
        }

        return Path.Combine(place, parts[^1]);
    }

    private static StagingException Corrupt(string what) =>
        new(ExperimentErrors.SnapshotCorrupt, $"{what} is not what its digest says.");
}
