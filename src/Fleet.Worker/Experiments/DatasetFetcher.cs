using Fleet.Contracts.Experiments;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Experiments;

/// <summary>Fetches the datasets of a run, each into a directory of its name, and verifies those whose digest is known.</summary>
internal sealed class DatasetFetcher(WorkerSettings settings) : IDisposable
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string NoName = "data";
    private const int LongestName = 200;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

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
            fetched.Add(await Fetch(attempt, dataset, stop));
        }

        return fetched;
    }

    public void Dispose() => _http.Dispose();

    private async Task<SnapshotDataset> Fetch(AttemptDirectory attempt, SnapshotDataset dataset, CancellationToken stop)
    {
        var url = new Uri(dataset.Url);
        var directory = Make(attempt, dataset.Name);
        var path = Path.Combine(directory, FileName(url));
        try
        {
            using var answer = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, stop);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            var most = Math.Min(dataset.Size ?? long.MaxValue, settings.MaxDatasetBytes);
            var digest = await FileDownload.Write(body, path, Plain, most, stop);
            var size = new FileInfo(path).Length;
            if ((dataset.Sha256 ?? digest) != digest || (dataset.Size ?? size) != size)
                throw new StagingException(ExperimentErrors.DatasetCorrupt, $"The dataset {dataset.Name} is not what its digest says.");
            attempt.Give(path);
            return dataset with { Sha256 = digest, Size = size };
        }
        catch (InvalidDataException large)
        {
            throw new StagingException(ExperimentErrors.DatasetCorrupt, $"The dataset {dataset.Name} is too large: {large.Message}");
        }
        catch (Exception away) when (away is HttpRequestException or HttpIOException)
        {
            throw new StagingException(
                ExperimentErrors.DatasetMissing, $"The dataset {dataset.Name} cannot be fetched: {away.Message}", isFinal: false, away);
        }
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
