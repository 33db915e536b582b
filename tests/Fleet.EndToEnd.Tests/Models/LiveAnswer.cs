using System.Text;
using System.Text.Json;

namespace Fleet.EndToEnd.Tests.Models;

/// <summary>A chat that streams through the edge, read line by line as a plain HTTP client does.</summary>
internal sealed class LiveAnswer : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private LiveAnswer(HttpClient http, HttpResponseMessage answer, StreamReader lines)
    {
        _http = http;
        _answer = answer;
        _lines = lines;
    }

    public string JobId => _answer.Headers.GetValues("Fleet-Job-Id").Single();

    public static async Task<LiveAnswer> Open(Uri edge, string model, string? idempotencyKey = null)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = edge };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat")
        {
            Content = new StringContent(
                $$"""{"model": "{{model}}", "messages": [{"role": "user", "content": "go"}]}""", Encoding.UTF8, "application/json"),
        };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        return new LiveAnswer(http, answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>Null at the end.</summary>
    public async Task<JsonElement?> Line() =>
        await _lines.ReadLineAsync() is { } line ? JsonDocument.Parse(line).RootElement : null;

    public async Task<string> Words(int count)
    {
        var words = new StringBuilder();
        for (var i = 0; i < count; i++)
            words.Append((await Line())!.Value.GetProperty("message").GetProperty("content").GetString());
        return words.ToString();
    }

    /// <summary>All that comes yet, and the last line.</summary>
    public async Task<(string Words, JsonElement Last)> Rest()
    {
        var words = new StringBuilder();
        JsonElement last = default;
        while (await Line() is { } line)
        {
            last = line;
            if (line.TryGetProperty("message", out var message))
                words.Append(message.GetProperty("content").GetString());
        }

        return (words.ToString(), last);
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
