using System.Net;
using System.Text.Json;
using Fleet.Client.Http;

namespace Fleet.Client.Experiments;

/// <summary>Runs of commits: <c>/v1/experiments</c>, and what jobs of the kind <c>experiment</c> have besides.</summary>
public sealed class ExperimentsClient
{
    private const string Path = "/v1/experiments";

    private readonly FleetHttp _http;

    internal ExperimentsClient(FleetHttp http) => _http = http;

    /// <summary>Sends the files of a commit. The same again changes nothing; other files of the same name are refused.</summary>
    /// <param name="archive">Opens a tar, or a tar packed by gzip; once for each try.</param>
    public Task<UploadedCommit> Upload(string commit, Func<Stream> archive, CancellationToken stop = default) =>
        _http.Change<UploadedCommit>(
            HttpMethod.Put, $"{Path}/{Query.Part(commit)}/archive", Sent(archive), null, stop);

    /// <summary>Whether the fleet has the commit, as far as the key may see it.</summary>
    public async Task<bool> Has(string commit, CancellationToken stop = default)
    {
        try
        {
            await _http.Get<JsonElement>($"{Path}/{Query.Part(commit)}", stop);
            return true;
        }
        catch (FleetException no) when (no.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            return false;
        }
    }

    public Task<FoundRuns> Find(RunQuery query, CancellationToken stop = default) =>
        _http.Post<FoundRuns>($"{Path}/find", query, stop);

    public Task<Run> Show(string runId, CancellationToken stop = default) => _http.Get<Run>($"{Of(runId)}/experiment", stop);

    /// <param name="runIds">Two to ten.</param>
    public Task<Comparison> Compare(IReadOnlyList<string> runIds, CancellationToken stop = default)
    {
        var path = $"{Path}/compare";
        foreach (var run in runIds)
            path = Query.With(path, ("run", run));
        return _http.Get<Comparison>(path, stop);
    }

    /// <summary>How the metrics of a run stand, by name.</summary>
    public async Task<IReadOnlyList<Series>> Metrics(string runId, CancellationToken stop = default) =>
        (await _http.Get<Page<Series>>($"{Of(runId)}/metrics", stop)).Items;

    /// <summary>At most so many points that show the shape of a series.</summary>
    /// <param name="points">4 to 100,000.</param>
    /// <exception cref="FleetException">404 where there is none, as none can be with a part <c>.</c> or <c>..</c>.</exception>
    public async Task<SeriesPoints> Points(string runId, string name, int? points = null, CancellationToken stop = default)
    {
        var parts = name.Split('/');
        if (parts.Any(part => part is "." or "..")) // its path would lead elsewhere
            throw new FleetException(HttpStatusCode.NotFound, "not_found", "No metric can have this name.");
        var path = $"{Of(runId)}/metrics/{string.Join('/', parts.Select(Query.Part))}";
        return await _http.Get<SeriesPoints>(Query.With(path, ("points", points)), stop);
    }

    /// <summary>Why it was made. All of it is replaced: what is null is taken away.</summary>
    public Task<Run> Narrate(string runId, Narrative narrative, CancellationToken stop = default) => _http.Change<Run>(
        HttpMethod.Patch, $"{Of(runId)}/narrative", JsonSerializer.SerializeToElement(narrative, FleetJson.Options), null, stop);

    public Task<RunNote> Annotate(string runId, NoteDraft note, CancellationToken stop = default) =>
        _http.Post<RunNote>($"{Of(runId)}/notes", note, stop);

    public Task<Run> Conclude(string runId, OutcomeDraft outcome, CancellationToken stop = default) =>
        _http.Change<Run>(HttpMethod.Put, $"{Of(runId)}/outcome", outcome, null, stop);

    private static Func<HttpContent> Sent(Func<Stream> archive) => () => new StreamContent(archive());

    private static string Of(string runId) => $"/v1/jobs/{Query.Part(runId)}";
}
