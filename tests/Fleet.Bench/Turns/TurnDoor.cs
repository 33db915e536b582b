using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Bench.Inference;

namespace Fleet.Bench.Turns;

/// <summary>Conversations through the edge.</summary>
internal sealed class TurnDoor : IDisposable
{
    private readonly HttpClient _http;

    public TurnDoor(Uri edge, string key) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = edge,
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    /// <returns>The conversation's id.</returns>
    public Task<string> Begin(CancellationToken stop) =>
        Post("/v1/conversations", new { model = EchoControl.Model }, "conversation_id", stop);

    /// <returns>The turn's id.</returns>
    public Task<string> Ask(string conversation, CancellationToken stop) =>
        Post($"/v1/conversations/{conversation}/turns", new { text = "Count." }, "turn_id", stop);

    /// <summary>The turn's events from its first.</summary>
    public Task<Stream> Watch(string turn, CancellationToken stop) => _http.GetStreamAsync($"/v1/turns/{turn}/events", stop);

    /// <summary>A page of 50.</summary>
    public Task<string> Read(string path, CancellationToken stop) => _http.GetStringAsync($"{path}?limit=50", stop);

    public void Dispose() => _http.Dispose();

    private async Task<string> Post(string path, object body, string id, CancellationToken stop)
    {
        using var answer = await _http.PostAsJsonAsync(path, body, stop);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(stop));
        return made.RootElement.GetProperty(id).GetString()!;
    }
}
