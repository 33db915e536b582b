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
}
