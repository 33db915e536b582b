using System.Net.Http.Headers;
using System.Net.Mime;

namespace Fleet.Worker.Platform.Upstreams;

/// <summary>Speaks HTTP to one upstream, and says what went wrong in Fleet's words.</summary>
internal sealed class UpstreamHttp : IDisposable
{
    private readonly UpstreamSettings _settings;
    private readonly Uri _root;
    private readonly HttpClient _http;

    public UpstreamHttp(string name, UpstreamSettings settings)
    {
        Name = name;
        _settings = settings;
        _root = RootOf(settings.Url);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a key goes only where it was meant to go
            ConnectTimeout = TimeSpan.FromSeconds(settings.ConnectSeconds),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // another address behind the same name
            UseCookies = false,
            UseProxy = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public string Name { get; }

    public Silence Listening(CancellationToken stop) => Listening(TimeSpan.Zero, stop);

    /// <param name="least">How long it may say nothing at least, whatever is set.</param>
    public Silence Listening(TimeSpan least, CancellationToken stop)
    {
        var usual = TimeSpan.FromSeconds(_settings.SilenceSeconds);
        return new Silence(Name, usual > least ? usual : least, stop);
    }

    /// <summary>What is there now, within the time that looking may take.</summary>
    public async Task<byte[]> Get(string path, CancellationToken stop)
    {
        using var silence = new Silence(Name, TimeSpan.FromSeconds(_settings.LookSeconds), stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_root, path));
        using var answer = await Send(request, silence);
        return await AnswerBody.Read(answer, silence, AnswerBody.MostBytes);
    }

    /// <summary>The same, where a question needs a body.</summary>
    public async Task<byte[]> Ask(string path, ReadOnlyMemory<byte> json, CancellationToken stop)
    {
        using var silence = new Silence(Name, TimeSpan.FromSeconds(_settings.LookSeconds), stop);
        using var answer = await Post(path, json, silence);
        return await AnswerBody.Read(answer, silence, AnswerBody.MostBytes);
    }

    /// <summary>Returns when the answer begins; what is no success is an exception already.</summary>
    public async Task<HttpResponseMessage> Post(string path, ReadOnlyMemory<byte> json, Silence silence)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_root, path));
        request.Content = new ReadOnlyMemoryContent(json);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        return await Send(request, silence);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, Silence silence)
    {
        HttpResponseMessage answer;
        try
        {
            if (_settings.ReadApiKey() is { } key)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            answer = await silence.Listen(over => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, over));
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError
            is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded)
        {
            throw UpstreamException.Rubbish(Name, failure.Message);
        }
        catch (HttpRequestException failure)
        {
            throw UpstreamException.Unreachable(Name, failure.GetBaseException().Message);
        }
        catch (OperationCanceledException slow) when (slow.InnerException is TimeoutException)
        {
            throw UpstreamException.Unreachable(Name, $"no connection within {_settings.ConnectSeconds} s.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw UpstreamException.Denied(Name, $"its key cannot be read: {unreadable.Message}");
        }

        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await UpstreamRefusal.Of(Name, answer, silence);
    }

    /// <summary>Paths are written from here, with <c>/v1</c> where the protocol has it.</summary>
    private static Uri RootOf(string url)
    {
        var root = url.TrimEnd('/');
        if (root.EndsWith("/v1", StringComparison.Ordinal))
            root = root[..^"/v1".Length];
        return new Uri(root + "/");
    }
}
