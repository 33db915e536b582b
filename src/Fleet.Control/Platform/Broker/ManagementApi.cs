using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Fleet.Control.Platform.Broker;

/// <summary>The management API of the broker. Every call throws <see cref="HttpRequestException"/> when it is away, refuses,
/// or is too slow.</summary>
internal sealed class ManagementApi : IDisposable
{
    private static readonly JsonSerializerOptions Words = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly HttpClient _http;

    public ManagementApi(BrokerSettings settings)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            Timeout = TimeSpan.FromSeconds(settings.TimeoutSeconds),
        };
        if (!settings.OwnUsers)
            return;
        _http.BaseAddress = new Uri(settings.ManagementUrl.TrimEnd('/') + "/api/");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.User}:{settings.Password}")));
    }

    public async Task<T> Get<T>(string path, CancellationToken stop)
    {
        using var answer = await Ask(token => _http.GetAsync(path, token), stop);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<T>(Words, stop))!;
    }

    public async Task Put(string path, object body, CancellationToken stop)
    {
        using var answer = await Ask(token => _http.PutAsJsonAsync(path, body, token), stop);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What is not there counts as deleted.</summary>
    /// <returns>False when it answered 500 and may.</returns>
    public async Task<bool> TryDelete(string path, bool mayFail, CancellationToken stop)
    {
        using var answer = await Ask(token => _http.DeleteAsync(path, token), stop);
        if (mayFail && answer.StatusCode == HttpStatusCode.InternalServerError)
            return false;
        if (answer.StatusCode != HttpStatusCode.NotFound)
            answer.EnsureSuccessStatusCode();
        return true;
    }

    public void Dispose() => _http.Dispose();

    private static async Task<HttpResponseMessage> Ask(
        Func<CancellationToken, Task<HttpResponseMessage>> ask, CancellationToken stop)
    {
        try
        {
            return await ask(stop);
        }
        catch (OperationCanceledException slow) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException("The broker's management API did not answer in time.", slow);
        }
    }
}
