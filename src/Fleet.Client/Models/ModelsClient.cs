using System.Text.Json.Serialization;
using Fleet.Client.Http;

namespace Fleet.Client.Models;

/// <param name="Type">Always <c>model</c>.</param>
/// <param name="Created">Seconds since 1970; 0 where it is not known.</param>
public sealed record Model(string Id, [property: JsonPropertyName("object")] string Type, long Created, string OwnedBy);

/// <summary>Models of all agents: <c>/v1/models</c>.</summary>
public sealed class ModelsClient
{
    private readonly FleetHttp _http;

    internal ModelsClient(FleetHttp http) => _http = http;

    public async Task<IReadOnlyList<Model>> List(CancellationToken stop = default) =>
        (await _http.Get<ModelList>("/v1/models", stop)).Data;

    internal sealed record ModelList(IReadOnlyList<Model> Data);
}
