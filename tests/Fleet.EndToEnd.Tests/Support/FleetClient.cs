using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>The public API, as one client with one key sees it.</summary>
internal sealed class FleetClient : IDisposable
{
    /// <summary>So small that a server soon feels that nobody reads.</summary>
    private const int StreamReceiveBuffer = 16 * 1024;

    private readonly HttpClient _requests;
    private readonly HttpClient _streams;

    /// <param name="through">What hands requests to one of several edges.</param>
    public FleetClient(Uri edge, string key, Func<HttpMessageHandler, HttpMessageHandler>? through = null)
    {
        through ??= handler => handler;
        _requests = Client(edge, key, through(new SocketsHttpHandler { UseProxy = false }));
        _streams = Client(edge, key, through(new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectNarrow }));
    }

    public Task<JobView> Submit(JobDraft job) =>
        Ask<JobView>(HttpStatusCode.Accepted, HttpMethod.Post, "/v1/jobs", FleetJson.Write(job));

    public async Task<IReadOnlyList<JobView>> Submit(IEnumerable<JobDraft> jobs)
    {
        var body = FleetJson.Write(jobs);
        return (await Ask<PageView<JobView>>(HttpStatusCode.Accepted, HttpMethod.Post, "/v1/jobs", body)).Items;
    }

    public Task<JobView> Show(string jobId, string query = "") => Get<JobView>($"/v1/jobs/{jobId}{query}");

    /// <summary>Long-polls for the end.</summary>
    public async Task<JobView> End(string jobId)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var job = await Show(jobId, "?wait=30");
            if (job.IsOver)
                return job;
            (TimeProvider.System.GetElapsedTime(since) < Eventually.Patience)
                .ShouldBeTrue($"job {jobId} is still {job.State} (attempt {job.Attempt})");
        }
    }

    public async Task<JobView> Run(JobDraft job) => await End((await Submit(job)).JobId);

    public Task<JobView> Becomes(string jobId, string state) => Becomes(jobId, job => job.State == state, state);

    public async Task<JobView> Becomes(string jobId, Func<JobView, bool> condition, string what)
    {
        JobView job = null!;
        await Eventually.True(async () => condition(job = await Show(jobId)), $"job {jobId}: {what}");
        return job;
    }

    public Task<PageView<JobView>> List(string query) => Get<PageView<JobView>>($"/v1/jobs{query}");

    /// <summary>Every page of a list, one after the other.</summary>
    public async Task<List<JobView>> Walk(string filter, int limit = 200)
    {
        var jobs = new List<JobView>();
        string? cursor = null;
        do
        {
            var page = await List($"?{filter}&limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            page.Items.Count.ShouldBeLessThanOrEqualTo(limit);
            jobs.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return jobs;
    }

    /// <summary>Returns when so many jobs with the label <c>run</c> are there, and all of them are over.</summary>
    public async Task AllEnd(string run, int count)
    {
        var open = $"?label=run={run}&state=queued,assigned,running,cancelling&limit=1";
        await Eventually.True(async () => (await List(open)).Items.Count == 0, $"all jobs of run {run} end");
        (await Walk($"label=run={run}")).Count.ShouldBe(count);
    }

    public Task<NewKey> NewKey(string name, string? tenant = null, string? role = null, string[]? scopes = null)
    {
        var body = FleetJson.Write(new { name, tenant, role, scopes });
        return Ask<NewKey>(HttpStatusCode.Created, HttpMethod.Post, "/v1/api-keys", body);
    }

    public Task<HttpResponseMessage> Cancel(string jobId) => Send(HttpMethod.Post, $"/v1/jobs/{jobId}/cancellation");

    public async Task<string> Log(string jobId, string query = "")
    {
        using var answer = await Send(HttpMethod.Get, $"/v1/jobs/{jobId}/log{query}");
        return await answer.Must(HttpStatusCode.OK);
    }

    /// <summary>The event stream from its beginning, or after an entry. The answer must be disposed of.</summary>
    public Task<HttpResponseMessage> Watch(string jobId, string? lastEventId = null) =>
        Follow($"/v1/jobs/{jobId}/events", lastEventId);

    /// <summary>An answer whose body comes bit by bit.</summary>
    public Task<HttpResponseMessage> Follow(string path, string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return _streams.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within();
    }

    /// <summary>All of a finished job's journal.</summary>
    public async Task<List<JournalEvent>> Journal(string jobId)
    {
        using var answer = await Watch(jobId);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        return await stream.Events().ToListAsync().AsTask().Within();
    }

    public Task<T> Get<T>(string path) => Ask<T>(HttpStatusCode.OK, HttpMethod.Get, path);

    public async Task<T> Ask<T>(HttpStatusCode expected, HttpMethod method, string path, string? json = null)
    {
        using var answer = await Send(method, path, json);
        return FleetJson.Read<T>(await answer.Must(expected));
    }

    public Task<HttpResponseMessage> Send(
        HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers) =>
        Send(method, new Uri(path, UriKind.Relative), json, headers);

    public Task<HttpResponseMessage> Send(
        HttpMethod method, Uri path, string? json = null, params (string Name, string Value)[] headers) =>
        Send(method, path, json is null ? null : FleetJson.Content(json), headers);

    public async Task<HttpResponseMessage> Send(
        HttpMethod method, Uri path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await _requests.SendAsync(request).Within();
    }

    public void Dispose()
    {
        _requests.Dispose();
        _streams.Dispose();
    }

    private static HttpClient Client(Uri edge, string key, HttpMessageHandler handler) => new(handler)
    {
        BaseAddress = edge,
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    private static async ValueTask<Stream> ConnectNarrow(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveBufferSize = StreamReceiveBuffer,
        };
        await socket.ConnectAsync(context.DnsEndPoint, stop);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
