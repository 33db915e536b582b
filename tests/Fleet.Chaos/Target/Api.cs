using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace Fleet.Chaos.Target;

/// <summary>
/// The public API, over all edges in turn, as a client that does not give up: what is answered by an error of the
/// server, or not at all, is asked again.
/// </summary>
internal sealed class Api : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly Uri[] _edges;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, int> _answers = [];
    private int _turn;

    public Api(IEnumerable<Uri> edges, string key)
    {
        _edges = [.. edges];
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        };
    }

    /// <summary>Status, or the kind of failure, to how often it was seen.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>Asks until there is an answer that is not the fault of a server that is away.</summary>
    /// <exception cref="WrongAnswerException">The answer is one that no client should ever get here.</exception>
    public async Task<string> Ask(
        HttpMethod method, string path, string? json, string? idempotencyKey, CancellationToken stop)
    {
        while (true)
        {
            if (await Try(method, path, json, idempotencyKey, stop) is { } body)
                return body;
            await Task.Delay(Pause, stop);
        }
    }

    public Task<string> Get(string path, CancellationToken stop) => Ask(HttpMethod.Get, path, null, null, stop);

    /// <summary>Null when there is no answer now.</summary>
    public async Task<string?> Try(
        HttpMethod method, string path, string? json, string? idempotencyKey, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        enough.CancelAfter(Patience);
        try
        {
            using var request = Request(method, path);
            if (json is not null)
                request.Content = FleetJson.Content(json);
            if (idempotencyKey is not null)
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            using var answer = await _http.SendAsync(request, enough.Token);
            var body = await answer.Content.ReadAsStringAsync(enough.Token);
            Note(((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (answer.IsSuccessStatusCode)
                return body;
            return MayPass(answer.StatusCode)
                ? null
                : throw new WrongAnswerException($"{method} {path} was answered {(int)answer.StatusCode}: {body}");
        }
        catch (Exception away) when (away is HttpRequestException or IOException
            || (away is OperationCanceledException && !stop.IsCancellationRequested))
        {
            Note(away is OperationCanceledException ? "no answer in time" : "no connection");
            return null;
        }
    }

    /// <summary>An event stream; the answer must be disposed of.</summary>
    public Task<HttpResponseMessage> Watch(string jobId, string? lastEventId, CancellationToken stop)
    {
        var request = Request(HttpMethod.Get, $"/v1/jobs/{jobId}/events");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    /// <summary>Whether a client that gets this asks again: 500 is no such answer.</summary>
    public static bool MayPass(HttpStatusCode status) => status
        is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var edge = _edges[(uint)Interlocked.Increment(ref _turn) % _edges.Length];
        return new HttpRequestMessage(method, new Uri(edge, path));
    }

    private void Note(string answer) => _answers.AddOrUpdate(answer, 1, (_, before) => before + 1);
}

/// <summary>An answer that is wrong, whatever is broken.</summary>
internal sealed class WrongAnswerException(string message) : Exception(message);
