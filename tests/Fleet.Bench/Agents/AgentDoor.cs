using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Bench.Target;
using Fleet.Contracts.Agents;

namespace Fleet.Bench.Agents;

/// <summary>The edge as agents use it, each with a token of its own, and the operator who lets them in and out.</summary>
internal sealed class AgentDoor(Uri edge, string adminKey) : IDisposable
{
    /// <summary>As long as the worker waits for an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = edge,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <returns>The agent's own token.</returns>
    public async Task<string> Enrol(string agent, CancellationToken stop)
    {
        var made = await Ask<JsonElement>(HttpMethod.Post, "/v1/agents/enrolments", adminKey, new { name = agent }, stop);
        var leave = made.GetProperty("token").GetString()!;
        return (await Ask<AgentEnrolled>(HttpMethod.Post, $"/v1/agents/{agent}/enrolment", leave, null, stop)).AgentToken;
    }

    /// <exception cref="HttpRequestException">Control, or the broker behind it, is away.</exception>
    /// <exception cref="OperationCanceledException">There was no answer in time.</exception>
    public async Task<AgentWelcome> Register(
        string agent, string token, AgentRegistration about, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        over.CancelAfter(Patience);
        return await Ask<AgentWelcome>(HttpMethod.Put, $"/v1/agents/{agent}", token, about, over.Token);
    }

    /// <summary>The agent is cut off; its name stays in the list, as revoked.</summary>
    public async Task Remove(string agent, CancellationToken stop)
    {
        using var answer = await Send(HttpMethod.Delete, $"/v1/agents/{agent}", adminKey, null, stop);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> Ask<T>(HttpMethod method, string path, string bearer, object? body, CancellationToken stop)
    {
        using var answer = await Send(method, path, bearer, body, stop);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<T>(FleetApi.SnakeCase, stop))!;
    }

    private async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, string bearer, object? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: FleetApi.SnakeCase);
        return await _http.SendAsync(request, stop);
    }
}
