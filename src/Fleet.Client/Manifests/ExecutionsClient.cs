using System.Text.Json;
using Fleet.Client.Http;

namespace Fleet.Client.Manifests;

/// <summary>Executions: <c>/v1/executions</c>.</summary>
public sealed class ExecutionsClient
{
    private const string Path = "/v1/executions";

    private readonly FleetHttp _http;

    internal ExecutionsClient(FleetHttp http) => _http = http;

    /// <param name="state">One, or several with commas.</param>
    public IAsyncEnumerable<Execution> List(string? manifest = null, string? state = null, CancellationToken stop = default) =>
        _http.All<Execution>(Query.With(Path, ("manifest", manifest), ("state", state)), stop);

    public Task<Execution> Show(string executionId, CancellationToken stop = default) => _http.Get<Execution>(Of(executionId), stop);

    /// <summary>By name.</summary>
    public IAsyncEnumerable<ExecutionHost> Agents(string executionId, CancellationToken stop = default) =>
        _http.All<ExecutionHost>($"{Of(executionId)}/agents", stop);

    /// <summary>How far it is, whenever it is further, up to its end.</summary>
    public async IAsyncEnumerable<Execution> Follow(
        string executionId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop = default)
    {
        var stream = new EventStream<Execution?>(
            _http, $"{Of(executionId)}/events", (_, data) => JsonSerializer.Deserialize<Execution>(data, FleetJson.Options));
        await foreach (var (_, _, execution) in stream.Read(null, null, stop))
        {
            if (execution is not null)
                yield return execution;
        }
    }

    /// <summary>Which agents it would reach; nothing happens.</summary>
    public Task<ExecutionForecast> Foresee(ExecutionDraft draft, CancellationToken stop = default) =>
        _http.Post<ExecutionForecast>(Query.With(Path, ("dry_run", true)), draft, stop);

    public Task<Execution> Create(ExecutionDraft draft, CancellationToken stop = default) => _http.Post<Execution>(Path, draft, stop);

    /// <summary>Another key than the one that asked for it says yes.</summary>
    public Task<Execution> Approve(string executionId, CancellationToken stop = default) => Do(executionId, "approval", stop);

    /// <summary>No further wave begins until it is resumed.</summary>
    public Task<Execution> Pause(string executionId, CancellationToken stop = default) => Do(executionId, "pause", stop);

    public Task<Execution> Resume(string executionId, CancellationToken stop = default) => Do(executionId, "resume", stop);

    /// <summary>What has not begun never does, and what runs is cancelled.</summary>
    public Task<Execution> Abort(string executionId, CancellationToken stop = default) => Do(executionId, "cancellation", stop);

    /// <summary>Another execution, on the agents that failed.</summary>
    public Task<Execution> Rerun(string executionId, CancellationToken stop = default) => Do(executionId, "rerun", stop);

    private Task<Execution> Do(string executionId, string what, CancellationToken stop) =>
        _http.Post<Execution>($"{Of(executionId)}/{what}", null, stop);

    private static string Of(string executionId) => $"{Path}/{Query.Part(executionId)}";
}
