using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Restarts;

/// <summary>
/// Hands requests to edges in turn, those of them that answer 200 at <c>/health/ready</c>, as a balancer with health checks does.
/// It repeats nothing.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
    private readonly CancellationTokenSource _over = new();
    private readonly Uri[] _edges;
    private readonly bool[] _ready;
    private readonly Task[] _probing;
    private int _turn;

    public Balancer(params Uri[] edges)
    {
        _edges = edges;
        _ready = new bool[edges.Length];
        _probing = [.. Enumerable.Range(0, edges.Length).Select(Probe)];
    }

    public Uri Next()
    {
        var turn = Interlocked.Increment(ref _turn);
        var open = Enumerable.Range(0, _edges.Length).Where(edge => Volatile.Read(ref _ready[edge])).ToList();
        return open.Count > 0 ? _edges[open[turn % open.Count]] : throw new HttpRequestException("No edge is ready.");
    }

    /// <summary>Before a handler that speaks to edges.</summary>
    public HttpMessageHandler Before(HttpMessageHandler handler) => new Handing(this, handler);

    public Task Ready() => Eventually.True(() => _ready.All(ready => ready), "all edges are ready");

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_probing);
        _http.Dispose();
        _over.Dispose();
    }

    private async Task Probe(int edge)
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri(_edges[edge], "/health/ready"), _over.Token);
                Volatile.Write(ref _ready[edge], answer.IsSuccessStatusCode);
            }
            catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
            {
                Volatile.Write(ref _ready[edge], false);
            }

            await Task.Delay(Pause, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Handing(Balancer balancer, HttpMessageHandler handler) : DelegatingHandler(handler)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(balancer.Next(), request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
