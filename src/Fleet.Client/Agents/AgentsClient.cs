using Fleet.Client.Http;

namespace Fleet.Client.Agents;

/// <summary>Agents: <c>/v1/agents</c>.</summary>
public sealed class AgentsClient
{
    private const string Path = "/v1/agents";

    private readonly FleetHttp _http;

    internal AgentsClient(FleetHttp http) => _http = http;

    public IAsyncEnumerable<Agent> List(CancellationToken stop = default) => _http.All<Agent>(Path, stop);

    /// <summary>With its servers of models.</summary>
    public Task<Agent> Show(string name, CancellationToken stop = default) => _http.Get<Agent>(Of(name), stop);

    /// <summary>It finishes what it has and takes nothing new.</summary>
    public Task<Agent> Drain(string name, CancellationToken stop = default) => _http.Post<Agent>($"{Of(name)}/drain", null, stop);

    public Task<Agent> Resume(string name, CancellationToken stop = default) => _http.Post<Agent>($"{Of(name)}/resume", null, stop);

    /// <summary>It is cut off at once; its work goes elsewhere.</summary>
    public Task<Agent> Revoke(string name, CancellationToken stop = default) => _http.Post<Agent>($"{Of(name)}/revocation", null, stop);

    public Task<NewEnrolment> Enrol(EnrolmentDraft draft, CancellationToken stop = default) =>
        _http.Post<NewEnrolment>($"{Path}/enrolments", draft, stop);

    private static string Of(string name) => $"{Path}/{Query.Part(name)}";
}
