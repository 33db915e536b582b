using System.Net.Http.Headers;

namespace Fleet.Worker.Platform;

/// <summary>The HTTP side of Control, with this agent's key in hand.</summary>
internal sealed class ControlClient : IDisposable
{
    private readonly WorkerSettings _settings;
    private readonly Uri _root;
    private readonly HttpClient _http;

    public ControlClient(WorkerSettings settings)
    {
        _settings = settings;
        _root = new Uri(settings.Control.TrimEnd('/') + "/");
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a key goes only where it was meant to go
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // another address behind the same name
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <param name="path">Without a leading slash, escaped.</param>
    /// <exception cref="TimeoutException">No answer within the time.</exception>
    public async Task<HttpResponseMessage> Put(
        string path, HttpContent content, TimeSpan patience, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_root, path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _settings.ReadKey());
        request.Headers.Add("Fleet-Agent", _settings.Name);
        request.Headers.ExpectContinue = content.Headers.ContentLength > 1024 * 1024; // a refusal spares the upload
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        over.CancelAfter(patience);
        try
        {
            return await _http.SendAsync(request, over.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {patience.TotalSeconds:0} s.");
        }
    }

    public void Dispose() => _http.Dispose();
}
