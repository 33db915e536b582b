using System.Text;
using Fleet.Client.Http;

namespace Fleet.Client.Manifests;

/// <summary>Manifests and the schedules that are documents of theirs: <c>/v1/manifests</c>, <c>/v1/manifest-schedules</c>.</summary>
public sealed class ManifestsClient
{
    private const string Path = "/v1/manifests";

    private const string Schedules = "/v1/manifest-schedules";

    private readonly FleetHttp _http;

    internal ManifestsClient(FleetHttp http) => _http = http;

    public IAsyncEnumerable<Manifest> List(CancellationToken stop = default) => _http.All<Manifest>(Path, stop);

    public Task<Manifest> Show(string name, CancellationToken stop = default) =>
        _http.Get<Manifest>($"{Path}/{Query.Part(name)}", stop);

    /// <summary>Declares it: a new one, or the next revision. The same text again changes nothing.</summary>
    /// <param name="isYaml">Else JSON.</param>
    public Task<Manifest> Post(string text, bool isYaml, CancellationToken stop = default) => _http.Post<Manifest>(
        Path, Sent(text, isYaml ? "application/yaml" : "application/json"), stop);

    /// <summary>A schedule that is a document; among all schedules it has its <c>ScheduleId</c>.</summary>
    public Task<ManifestSchedule> ShowSchedule(string name, CancellationToken stop = default) =>
        _http.Get<ManifestSchedule>($"{Schedules}/{Query.Part(name)}", stop);

    /// <summary>A new one, or another document for that of the same name. The same text again changes nothing.</summary>
    /// <param name="isYaml">Else JSON.</param>
    public Task<ManifestSchedule> PostSchedule(string text, bool isYaml, CancellationToken stop = default) =>
        _http.Post<ManifestSchedule>(Schedules, Sent(text, isYaml ? "application/yaml" : "application/json"), stop);

    private static Func<HttpContent> Sent(string text, string type) => () => new StringContent(text, Encoding.UTF8, type);
}
