using Fleet.Contracts.Experiments;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Experiments;

/// <summary>Puts the datasets of a run into place, each into a directory of its name, and verifies those whose digest is known.</summary>
internal sealed class DatasetFetcher(DatasetCache cache)
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string NoName = "data";
    private const int LongestName = 200;

    /// <summary>The directory that holds those of an attempt.</summary>
    public static string DirectoryOf(AttemptDirectory attempt) => Path.Combine(attempt.Work, ExperimentSnapshot.DatasetsDirectory);

    /// <returns>What was fetched: digests and sizes as they are.</returns>
    /// <exception cref="StagingException">One cannot be fetched, or is not what it should be.</exception>
    public async Task<IReadOnlyList<SnapshotDataset>> Fetch(
        AttemptDirectory attempt, IReadOnlyList<string> names, IReadOnlyList<SnapshotDataset> known, CancellationToken stop)
    {
        var fetched = new List<SnapshotDataset>();
        foreach (var name in names)
        {
            var dataset = known.FirstOrDefault(one => one.Name == name)
                ?? throw new StagingException(ExperimentErrors.DatasetMissing, $"There is no dataset {name} any more.");
            var path = Path.Combine(Make(attempt, dataset.Name), FileName(new Uri(dataset.Url)));
            fetched.Add(await cache.Fetch(dataset, path, stop));
            attempt.Give(path);
        }

        return fetched;
    }

    private static string Make(AttemptDirectory attempt, string name)
    {
        var place = DirectoryOf(attempt);
        foreach (var directory in (string[])[place, Path.Combine(place, name)])
        {
            Directory.CreateDirectory(directory, Plain | UnixFileMode.UserExecute);
            attempt.Give(directory);
        }

        return Path.Combine(place, name);
    }

    /// <summary>The last part of the URL's path, where that is a plain name.</summary>
    private static string FileName(Uri url)
    {
        var last = url.Segments.Length > 0 ? url.Segments[^1].TrimEnd('/') : "";
        return last.Length is > 0 and <= LongestName && last[0] != '.'
            && last.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_') ? last : NoName;
    }
}
