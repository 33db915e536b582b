using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Fleet.Client.Http;

/// <summary>Requests and answers: keys, problems, and repetition where nobody can tell whether a request arrived.</summary>
internal sealed class FleetHttp : IDisposable
{
    private readonly HttpClient _http;

    public FleetHttp(FleetClientOptions options, HttpMessageHandler handler)
    {
        Options = options;
        _http = new HttpClient(handler) { BaseAddress = options.Url, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(options.UserAgent);
        if (options.Key is { } key)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public FleetClientOptions Options { get; }

    public async Task<T> Get<T>(string path, CancellationToken stop) =>
        await Read<T>(await Send(HttpMethod.Get, path, null, null, stop), stop);

    /// <summary>A body as it comes; the caller disposes of it.</summary>
    public async Task<Stream> Bytes(string path, CancellationToken stop)
    {
        var answer = await Send(HttpMethod.Get, path, null, null, stop);
        return new QuietStream(await answer.Content.ReadAsStreamAsync(stop), Options.StreamSilence, Options.Clock);
    }

    public Task<T> Post<T>(string path, object? body, CancellationToken stop, string? idempotencyKey = null) =>
        Change<T>(HttpMethod.Post, path, body, null, stop, idempotencyKey);

    /// <summary>As <see cref="Post"/>, of what the fleet may be at for long.</summary>
    public async Task<T> PostPatiently<T>(string path, object? body, CancellationToken stop) =>
        await Read<T>(await Send(HttpMethod.Post, path, body, null, stop, isPatient: true), stop);

    /// <param name="body">JSON of it is sent; of a function what it makes, once for each try.</param>
    /// <param name="etag">Which revision is meant.</param>
    public async Task<T> Change<T>(
        HttpMethod method, string path, object? body, string? etag, CancellationToken stop, string? idempotencyKey = null) =>
        await Read<T>(await Send(method, path, body, etag, stop, idempotencyKey), stop);

    public async Task Delete(string path, CancellationToken stop) => (await Send(HttpMethod.Delete, path, null, null, stop)).Dispose();

    /// <summary>A list, page after page, as far as the caller reads.</summary>
    /// <param name="path">With its query, which may be empty.</param>
    public async IAsyncEnumerable<T> All<T>(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop = default)
    {
        var page = await Get<Page<T>>(path, stop);
        while (true)
        {
            foreach (var item in page.Items)
                yield return item;
            if (page.Next is not { } next)
                break;
            page = await Get<Page<T>>($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={next}", stop);
        }
    }

    /// <summary>An answer whose body has not been read; the caller disposes of it. Not repeated.</summary>
    /// <exception cref="HttpRequestException">There is no connection.</exception>
    public async Task<HttpResponseMessage> Open(string path, string accept, string? lastEventId, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return await Once(request, stop);
    }

    /// <summary>Throws what the answer says, unless it is a good one.</summary>
    public static async Task<HttpResponseMessage> Accept(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await Problem.Read(answer, stop);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, object? body, string? etag, CancellationToken stop, string? idempotencyKey = null,
        bool isPatient = false)
    {
        idempotencyKey ??= method == HttpMethod.Get ? null : Guid.CreateVersion7().ToString("n");
        var pauses = new Pauses(Options);
        while (true)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body switch
            {
                null => null,
                Func<HttpContent> make => make(),
                _ => JsonContent.Create(body, body.GetType(), options: FleetJson.Requests),
            };
            if (idempotencyKey is not null)
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            if (etag is not null)
                request.Headers.TryAddWithoutValidation("If-Match", etag);
            try
            {
                var answer = await Once(request, stop, isPatient);
                if (!Pauses.IsPassing(answer.StatusCode) || pauses.Count == Options.Retries)
                {
                    return method == HttpMethod.Delete && pauses.Count > 0 && answer.StatusCode == HttpStatusCode.NotFound
                        ? answer // an earlier try has done it
                        : await Accept(answer, stop);
                }

                using (answer)
                    await pauses.Wait(answer.Headers.RetryAfter, stop);
            }
            catch (HttpRequestException) when (pauses.Count < Options.Retries)
            {
                await pauses.Wait(null, stop);
            }
            catch (HttpRequestException lost)
            {
                throw new FleetUnreachableException(Options.Url, lost.Message, lost);
            }
        }
    }

    private async Task<HttpResponseMessage> Once(HttpRequestMessage request, CancellationToken stop, bool isPatient = false)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (!isPatient && request.Content is not StreamContent) // files take as long as they take
            enough.CancelAfter(Options.RequestTime);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, enough.Token);
        }
        catch (OperationCanceledException late) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException($"there was no answer within {Options.RequestTime.TotalSeconds:0} s", late);
        }
    }

    private async Task<T> Read<T>(HttpResponseMessage answer, CancellationToken stop)
    {
        using (answer)
        {
            try
            {
                return await answer.Content.ReadFromJsonAsync<T>(FleetJson.Options, stop) ?? throw new JsonException("null");
            }
            catch (JsonException wrong)
            {
                throw new FleetException(answer.StatusCode, "http_error", $"The answer of {Options.Url} is not Fleet's: {wrong.Message}");
            }
            catch (Exception lost) when (lost is IOException or HttpRequestException)
            {
                throw new FleetUnreachableException(Options.Url, "the answer broke off", lost);
            }
        }
    }
}
