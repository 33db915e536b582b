using System.Text;
using Fleet.Client.Http;

namespace Fleet.Client.Manifests;

/// <summary>Manifests: <c>/v1/manifests</c>.</summary>
public sealed class ManifestsClient
{
    private const string Path = "/v1/manifests";

    private readonly FleetHttp _http;

    internal ManifestsClient(FleetHttp http) => _http = http;

    public IAsyncEnumerable<Manifest> List(CancellationToken stop = default) => _http.All<Manifest>(Path, stop);

    public Task<Manifest> Show(string name, CancellationToken stop = default) =>
        _http.Get<Manifest>($"{Path}/{Query.Part(name)}", stop);

    /// <summary>Declares it: a new one, or the next revision. The same text again changes nothing.</summary>
    /// <param name="isYaml">Else JSON.</param>
    public Task<Manifest> Post(string text, bool isYaml, CancellationToken stop = default) => _http.Post<Manifest>(
        Path, Sent(text, isYaml ? "application/yaml" : "application/json"), stop);

    private static Func<HttpContent> Sent(string text, string type) => () => new StringContent(text, Encoding.UTF8, type);
}
