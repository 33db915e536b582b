using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Bench.Target;

/// <summary>Fleet's public door, as a client sees it. Waiting is bounded by the caller's token only.</summary>
internal sealed class FleetApi : IDisposable
{
    /// <summary>So small that a stream which nobody reads is felt by the server soon.</summary>
    private const int StreamReceiveBuffer = 16 * 1024;

    public static readonly JsonSerializerOptions SnakeCase = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly HttpClient _requests;
    private readonly HttpClient _streams;

    public FleetApi(Uri edge, string key)
    {
        _requests = Client(edge, key, new SocketsHttpHandler { UseProxy = false });
        _streams = Client(edge, key, new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectNarrow });
    }

    /// <summary>Submits no-op jobs under one name, one alone or several as a list.</summary>
    public async Task SubmitNoops(string name, int count, CancellationToken stop)
    {
        var one = $$"""{"kind":"noop","name":"{{name}}"}""";
        using var answer = await Post(count == 1 ? one : $"[{string.Join(',', Enumerable.Repeat(one, count))}]", stop);
        await answer.Content.CopyToAsync(Stream.Null, stop);
    }

    /// <param name="pool">Only agents with this label <c>pool</c> may run it; null means any agent.</param>
    public Task<string> SubmitNoop(string name, string? pool, CancellationToken stop)
    {
        var target = pool is null ? "" : $$$""","target":{"labels":{"pool":"{{{pool}}}"}}""";
        return SubmitOne($$"""{"kind":"noop","name":"{{name}}"{{target}}}""", stop);
    }

    public Task<string> SubmitScript(string name, string script, CancellationToken stop)
    {
        var job = new JsonObject
        {
            ["kind"] = "command",
            ["name"] = name,
            ["max_attempts"] = 1,
            ["command"] = new JsonObject { ["script"] = script, ["shell"] = "sh" },
        };
        return SubmitOne(job.ToJsonString(), stop);
    }

    /// <summary>A job that does nothing for an hour, and that only this agent may run.</summary>
    public Task<string> SubmitSleep(string name, string agent, CancellationToken stop)
    {
        var job = new JsonObject
        {
            ["kind"] = "command",
            ["name"] = name,
            ["max_attempts"] = 3,
            ["command"] = new JsonObject { ["program"] = "/bin/sleep", ["args"] = new JsonArray("3600") },
            ["target"] = new JsonObject { ["agent"] = agent },
        };
        return SubmitOne(job.ToJsonString(), stop);
    }

    /// <summary>Finished jobs with this label go at once.</summary>
    /// <returns>The rule's id.</returns>
    public async Task<string> RemoveLabelled(string name, string value, CancellationToken stop)
    {
        var rule = new JsonObject { ["labels"] = new JsonObject { [name] = value }, ["keep"] = "0s" };
        using var content = new StringContent(rule.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await _requests.PostAsync("/v1/retention-rules", content, stop);
        await MustBe(HttpStatusCode.Created, answer, stop);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(stop))!["rule_id"]!.GetValue<string>();
    }

    public async Task DropRule(string ruleId, CancellationToken stop)
    {
        using var answer = await _requests.DeleteAsync($"/v1/retention-rules/{ruleId}", stop);
        await MustBe(HttpStatusCode.NoContent, answer, stop);
    }

    public async Task Cancel(string jobId, CancellationToken stop)
    {
        using var answer = await _requests.PostAsync($"/v1/jobs/{jobId}/cancellation", content: null, stop);
        await MustBe(HttpStatusCode.Accepted, answer, stop);
    }

    /// <summary>Any answer, to its end.</summary>
    public async Task<string> Read(string path, CancellationToken stop)
    {
        using var answer = await _requests.GetAsync(path, stop);
        await MustBe(HttpStatusCode.OK, answer, stop);
        return await answer.Content.ReadAsStringAsync(stop);
    }

    /// <summary>One page of a search. What is given up because it takes too long is an empty last page.</summary>
    public async Task<(int Found, string? Next)> Search(string filter, string? cursor, CancellationToken stop)
    {
        var path = $"/v1/jobs?limit=50&filter={Uri.EscapeDataString(filter)}{(cursor is null ? "" : $"&cursor={cursor}")}";
        using var answer = await _requests.GetAsync(path, stop);
        if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
            return (0, null);
        await MustBe(HttpStatusCode.OK, answer, stop);
        using var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
        return (page.RootElement.GetProperty("items").GetArrayLength(), page.RootElement.GetProperty("next").GetString());
    }

    /// <summary>A key that may read the jobs of a tenant.</summary>
    public async Task<string> NewKey(string tenant, CancellationToken stop)
    {
        using var content = new StringContent(
            $$"""{"name":"bench","tenant":"{{tenant}}","role":"viewer"}""", Encoding.UTF8, "application/json");
        using var answer = await _requests.PostAsync("/v1/api-keys", content, stop);
        await MustBe(HttpStatusCode.Created, answer, stop);
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
        return made.RootElement.GetProperty("key").GetString()!;
    }

    public Task<JobView> Show(string jobId, CancellationToken stop) => Get($"/v1/jobs/{jobId}", stop);

    /// <summary>Returns when the server's long poll has seen the end.</summary>
    public async Task<JobView> WaitForEnd(string jobId, CancellationToken stop)
    {
        while (true)
        {
            var job = await Get($"/v1/jobs/{jobId}?wait=30", stop);
            if (job.IsOver)
                return job;
        }
    }

    /// <summary>Opens a job's event stream, after an entry if one is given. Null when nothing follows (204).</summary>
    public async Task<Stream?> Watch(string jobId, string? after, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{jobId}/events");
        if (after is { Length: > 0 })
            request.Headers.Add("Last-Event-ID", after);
        var answer = await _streams.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (answer.StatusCode == HttpStatusCode.NoContent)
            return null;
        await MustBe(HttpStatusCode.OK, answer, stop);
        return await answer.Content.ReadAsStreamAsync(stop);
    }

    public void Dispose()
    {
        _requests.Dispose();
        _streams.Dispose();
    }

    private async Task<JobView> Get(string path, CancellationToken stop)
    {
        using var answer = await _requests.GetAsync(path, stop);
        await MustBe(HttpStatusCode.OK, answer, stop);
        return (await answer.Content.ReadFromJsonAsync<JobView>(SnakeCase, stop))!;
    }

    private async Task<string> SubmitOne(string job, CancellationToken stop)
    {
        using var answer = await Post(job, stop);
        return (await answer.Content.ReadFromJsonAsync<JobView>(SnakeCase, stop))!.JobId;
    }

    private async Task<HttpResponseMessage> Post(string body, CancellationToken stop)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await _requests.PostAsync("/v1/jobs", content, stop);
        await MustBe(HttpStatusCode.Accepted, answer, stop);
        return answer;
    }

    private static HttpClient Client(Uri edge, string key, SocketsHttpHandler handler) => new(handler)
    {
        BaseAddress = edge,
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    private static async Task MustBe(HttpStatusCode expected, HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.StatusCode == expected)
            return;
        var problem = await answer.Content.ReadAsStringAsync(stop);
        var request = answer.RequestMessage!;
        throw new HttpRequestException(
            $"{request.Method} {request.RequestUri!.PathAndQuery} answered {(int)answer.StatusCode}: {problem}",
            inner: null,
            answer.StatusCode);
    }

    private static async ValueTask<Stream> ConnectNarrow(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveBufferSize = StreamReceiveBuffer,
        };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
