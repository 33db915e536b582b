using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Fleet.Bench.Executions;

/// <summary>The public API as an operator of executions uses it.</summary>
internal sealed class ExecutionDoor : IDisposable
{
    private readonly HttpClient _http;

    public ExecutionDoor(Uri edge, string key)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = edge, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public async Task PostManifest(string name, CancellationToken stop) => await Ask(
        HttpMethod.Post, "/v1/manifests",
        new { id = name, version = "1", execute = new { shell = "sh", timeout = "1m", script = "true" } }, stop, HttpStatusCode.OK, HttpStatusCode.Created);

    /// <returns>The token that many agents need; null for few.</returns>
    public async Task<string?> Confirm(string manifest, IReadOnlyList<string> agents, CancellationToken stop) =>
        (string?)(await Ask(
            HttpMethod.Post, "/v1/executions?dry_run=true", new { manifest, target = new { agents } }, stop, HttpStatusCode.OK))["confirm"];

    /// <returns>Its id.</returns>
    public async Task<string> Execute(string manifest, IReadOnlyList<string> agents, string? confirm, CancellationToken stop) =>
        (string)(await Ask(
            HttpMethod.Post, "/v1/executions", new { manifest, target = new { agents }, confirm }, stop, HttpStatusCode.Accepted))["execution_id"]!;

    public async Task Cancel(string execution, CancellationToken stop) =>
        await Ask(HttpMethod.Post, $"/v1/executions/{execution}/cancellation", new { }, stop, HttpStatusCode.Accepted);

    /// <summary>The same job by itself.</summary>
    public async Task<string> Submit(string name, string agent, CancellationToken stop) => (string)(await Ask(
        HttpMethod.Post, "/v1/jobs",
        new { kind = "command", name, timeout_s = 60, target = new { agent }, command = new { shell = "sh", script = "true" } },
        stop, HttpStatusCode.Accepted))["job_id"]!;

    public async Task CancelJob(string job, CancellationToken stop) =>
        await Ask(HttpMethod.Post, $"/v1/jobs/{job}/cancellation", null, stop, HttpStatusCode.OK, HttpStatusCode.Accepted);

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> Ask(
        HttpMethod method, string path, object? body, CancellationToken stop, params HttpStatusCode[] expected)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var answer = await _http.SendAsync(request, stop);
        return expected.Contains(answer.StatusCode)
            ? (await answer.Content.ReadFromJsonAsync<JsonObject>(stop))!
            : throw new HttpRequestException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
    }
}
