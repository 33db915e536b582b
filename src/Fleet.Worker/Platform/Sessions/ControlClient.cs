using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Fleet.Hosting;
using Fleet.Worker.Platform.Files;

namespace Fleet.Worker.Platform.Sessions;

/// <summary>The HTTP side of Control, with this agent's token in hand.</summary>
internal sealed class ControlClient : IDisposable
{
    /// <summary>Where the agent's own token lies in its work directory.</summary>
    public const string TokenFile = "agent.token";

    private const int MostControls = 16;

    private static readonly TimeSpan _socketBeat = TimeSpan.FromSeconds(20);

    private readonly WorkerSettings _settings;
    private readonly SecretFile _token;
    private readonly Uri _root;
    private readonly HttpClient _http;

    public ControlClient(WorkerSettings settings)
    {
        _settings = settings;
        _token = new SecretFile(Path.Combine(settings.Home, TokenFile));
        _root = new Uri(settings.Control.TrimEnd('/') + "/");
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a token goes only where it was meant to go
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // another address behind the same name
            UseCookies = false,
            SslOptions = Authorities.ClientOptions(settings.CaFile),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>What this agent proves itself with, read anew each time; null before it is enrolled.</summary>
    public string? Token => _settings.Token.Length > 0 ? _settings.Token : _token.Read();

    /// <summary>From now on this agent proves itself with this.</summary>
    public void Keep(string token) => _token.Write(token);

    /// <param name="path">Without a leading slash, escaped.</param>
    /// <exception cref="TimeoutException">No answer within the time.</exception>
    public Task<HttpResponseMessage> Put(
        string path, HttpContent content, TimeSpan patience, CancellationToken stop) =>
        Send(HttpMethod.Put, path, content, Token, patience, stop);

    /// <summary>Returns when the answer begins; its body is read by whoever asked, in the time that he likes.</summary>
    /// <param name="path">Without a leading slash, escaped.</param>
    /// <exception cref="TimeoutException">No answer within the time.</exception>
    public Task<HttpResponseMessage> Get(string path, TimeSpan patience, CancellationToken stop) =>
        Send(HttpMethod.Get, path, null, Token, patience, stop, HttpCompletionOption.ResponseHeadersRead);

    /// <param name="bearer">What opens this route: not the agent's own token, which it is about to get.</param>
    public Task<HttpResponseMessage> Post(
        string path, HttpContent? content, string? bearer, TimeSpan patience, CancellationToken stop) =>
        Send(HttpMethod.Post, path, content, bearer, patience, stop);

    /// <summary>A WebSocket to Control. Where several Controls share a name and it is meant for one of them, it is tried again.</summary>
    /// <param name="path">Without a leading slash, escaped.</param>
    /// <exception cref="WebSocketException">It is refused.</exception>
    public async Task<WebSocket> Connect(string path, (string Name, string Value) header, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.KeepAliveInterval = _socketBeat;
            socket.Options.SetRequestHeader("Authorization", $"Bearer {Token}");
            socket.Options.SetRequestHeader("Fleet-Agent", _settings.Name);
            socket.Options.SetRequestHeader(header.Name, header.Value);
            var address = new UriBuilder(new Uri(_root, path)) { Scheme = _root.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" };
            try
            {
                await socket.ConnectAsync(address.Uri, _http, stop);
                return socket;
            }
            catch (Exception refused)
            {
                var isElsewhere = socket.HttpStatusCode == HttpStatusCode.MisdirectedRequest && tries < MostControls;
                socket.Dispose();
                if (!isElsewhere || refused is not WebSocketException)
                    throw;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, HttpContent? content, string? bearer, TimeSpan patience, CancellationToken stop,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        using var request = new HttpRequestMessage(method, new Uri(_root, path)) { Content = content };
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        request.Headers.Add("Fleet-Agent", _settings.Name);
        request.Headers.ExpectContinue = content?.Headers.ContentLength > 1024 * 1024; // a refusal spares the upload
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        over.CancelAfter(patience);
        try
        {
            return await _http.SendAsync(request, until, over.Token);
        }
        catch (OperationCanceledException late) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {patience.TotalSeconds:0} s.", late);
        }
    }
}
