using System.Runtime.CompilerServices;
using Fleet.Client.Http;

namespace Fleet.Client.Work;

/// <summary>Jobs: <c>/v1/jobs</c>.</summary>
public sealed class JobsClient
{
    private const string Path = "/v1/jobs";

    /// <summary>Seconds that one request waits for the end of a job; the longest that the fleet allows.</summary>
    private const double LongestWait = 60;

    private readonly FleetHttp _http;

    internal JobsClient(FleetHttp http) => _http = http;

    /// <param name="idempotencyKey">The same key again gives the same job; null makes one for this call.</param>
    public Task<Job> Submit(JobDraft job, string? idempotencyKey = null, CancellationToken stop = default) =>
        _http.Post<Job>(Path, job, stop, idempotencyKey);

    /// <summary>Newest first.</summary>
    public IAsyncEnumerable<Job> List(JobFilter filter, CancellationToken stop = default) =>
        _http.All<Job>(filter.Path(Path), stop);

    /// <summary>One page, newest first.</summary>
    public Task<Page<Job>> ListPage(JobFilter filter, string? cursor = null, CancellationToken stop = default) =>
        _http.Get<Page<Job>>(Query.With(filter.Path(Path), ("cursor", cursor)), stop);

    public Task<Job> Show(string jobId, CancellationToken stop = default) => _http.Get<Job>(Of(jobId), stop);

    /// <summary>Returns when the job is over, or after that time, however far it is.</summary>
    public async Task<Job> Wait(string jobId, TimeSpan? atMost = null, CancellationToken stop = default)
    {
        var since = _http.Options.Clock.GetTimestamp();
        while (true)
        {
            var left = atMost - _http.Options.Clock.GetElapsedTime(since);
            var seconds = Math.Clamp(left?.TotalSeconds ?? LongestWait, 0, LongestWait);
            var job = await _http.Get<Job>(Query.With(Of(jobId), ("wait", Math.Round(seconds, 3))), stop);
            if (job.IsOver || left <= TimeSpan.FromSeconds(LongestWait))
                return job;
        }
    }

    /// <summary>The journal up to its end, taken up again by itself where a connection is lost.</summary>
    /// <param name="after">The number of the last event that is known already.</param>
    /// <param name="interrupted">Told each time a connection is lost, with the reason.</param>
    public async IAsyncEnumerable<JobEvent> Events(
        string jobId, long after = 0, Action<string>? interrupted = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var stream = new EventStream<JobEvent>(_http, $"{Of(jobId)}/events", JobEvent.Parse);
        await foreach (var (id, _, data) in stream.Read(EventNumber.Id(after), interrupted, stop))
            yield return data with { Seq = EventNumber.Of(id) };
    }

    /// <summary>What it wrote so far, byte for byte.</summary>
    /// <param name="stream">Only this one, as <c>stdout</c>; null is all of them.</param>
    public async Task<Stream> Log(string jobId, string? stream = null, CancellationToken stop = default) =>
        await _http.Bytes(Query.With($"{Of(jobId)}/log", ("stream", stream)), stop);

    /// <summary>The content of one of its artifacts.</summary>
    public Task<Stream> Artifact(string jobId, string name, CancellationToken stop = default) => _http.Bytes(
        $"{Of(jobId)}/artifacts/{string.Join('/', name.Split('/').Select(Query.Part))}", stop);

    public Task<Job> Cancel(string jobId, CancellationToken stop = default) =>
        _http.Post<Job>($"{Of(jobId)}/cancellation", null, stop);

    /// <summary>A new job that repeats a finished one.</summary>
    public Task<Job> Retry(string jobId, CancellationToken stop = default) => _http.Post<Job>($"{Of(jobId)}/retry", null, stop);

    public Task<Explanation> Explain(string jobId, CancellationToken stop = default) =>
        _http.Get<Explanation>($"{Of(jobId)}/explain", stop);

    /// <summary>What would become of it; nothing is stored.</summary>
    public Task<Explanation> Foresee(JobDraft job, CancellationToken stop = default) =>
        _http.Post<Explanation>($"{Path}?dry_run=true", job, stop);

    private static string Of(string jobId) => $"{Path}/{Query.Part(jobId)}";
}
