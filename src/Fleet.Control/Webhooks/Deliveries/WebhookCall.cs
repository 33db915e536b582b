using System.Net.Http.Headers;
using System.Text;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>One POST to a receiver: nothing is followed, no proxy is asked, and little of the answer is read.</summary>
internal sealed class WebhookCall : IDisposable
{
    private const int AnswerBytes = 4096;

    private static readonly ProductInfoHeaderValue Agent = new("Fleet-Webhooks", "1.0");

    private readonly HttpMessageInvoker _http;
    private readonly WebhookSettings _settings;
    private readonly TimeProvider _clock;

    public WebhookCall(GuardedConnection connection, WebhookSettings settings, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = connection.Open,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        });
    }

    public async Task<CallOutcome> Post(
        Uri url, byte[] body, IReadOnlyDictionary<string, string> headers, CancellationToken stop)
    {
        var since = _clock.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(_settings.TimeoutSeconds), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            using var request = Request(url, body, headers);
            using var answer = await _http.SendAsync(request, either.Token);
            var text = await Beginning(answer, either.Token);
            return CallOutcome.Answered(answer, text, _clock.GetUtcNow()) with { Took = _clock.GetElapsedTime(since) };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            var late = CallOutcome.Failed($"There was no answer within {_settings.TimeoutSeconds} s.");
            return late with { Took = _clock.GetElapsedTime(since) };
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            return CallOutcome.Of(failure) with { Took = _clock.GetElapsedTime(since) };
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(Uri url, byte[] body, IReadOnlyDictionary<string, string> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(Agent);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static async Task<string> Beginning(HttpResponseMessage answer, CancellationToken stop)
    {
        var bytes = new byte[AnswerBytes];
        await using var content = await answer.Content.ReadAsStreamAsync(stop);
        var length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        // PostgreSQL's text cannot hold NUL
        return Encoding.UTF8.GetString(bytes, 0, length).Replace('\0', '\uFFFD');
    }
}
