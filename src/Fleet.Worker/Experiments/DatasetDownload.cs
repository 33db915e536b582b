using System.Net;
using Fleet.Contracts.Experiments;

namespace Fleet.Worker.Experiments;

/// <summary>
/// Fetches the bytes of datasets over HTTP. Where a server sends it on, the next address must be as the first one: http or https,
/// without a user, and never http where it was https.
/// </summary>
internal sealed class DatasetDownload(WorkerSettings settings) : IDisposable
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MostRedirects = 5;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // each address is looked at before it is gone to
        ConnectTimeout = TimeSpan.FromSeconds(10),
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Writes a new file, and looks whether it is what it should be, as far as that is known.</summary>
    /// <returns>Digest and size as they are.</returns>
    /// <exception cref="StagingException">It cannot be fetched, or is not what it should be.</exception>
    public async Task<SnapshotDataset> Fetch(SnapshotDataset dataset, string path, CancellationToken stop)
    {
        try
        {
            using var answer = await Ask(new Uri(dataset.Url), stop);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            var most = Math.Min(dataset.Size ?? long.MaxValue, settings.MaxDatasetBytes);
            var digest = await FileDownload.Write(body, path, Plain, most, stop);
            var size = new FileInfo(path).Length;
            return (dataset.Sha256 ?? digest) == digest && (dataset.Size ?? size) == size
                ? dataset with { Sha256 = digest, Size = size }
                : throw Corrupt(dataset);
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

    public void Dispose() => _http.Dispose();

    public static StagingException Corrupt(SnapshotDataset dataset) =>
        new(ExperimentErrors.DatasetCorrupt, $"The dataset {dataset.Name} is not what its digest says.");

    private async Task<HttpResponseMessage> Ask(Uri url, CancellationToken stop)
    {
        for (var redirects = 0; ; redirects++)
        {
            var answer = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, stop);
            if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || answer.Headers.Location is not { } location)
                return answer;
            answer.Dispose();
            if (!Uri.TryCreate(url, location, out var next) || next is not { Scheme: "http" or "https", UserInfo.Length: 0 }
                || (url.Scheme == "https" && next.Scheme == "http"))
                throw new HttpRequestException("Its server sends on to an address that no dataset may have.");
            if (redirects == MostRedirects)
                throw new HttpRequestException($"Its server sends on more than {MostRedirects} times.");
            url = next;
        }
    }
}
