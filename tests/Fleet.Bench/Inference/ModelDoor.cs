using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Fleet.Bench.Inference;

/// <summary>Ollama's API, at the edge or at the upstream itself: the same bytes go to both.</summary>
internal sealed class ModelDoor : IDisposable
{
    private readonly HttpClient _http;

    public ModelDoor(string name, Uri address, string key)
    {
        Name = name;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        };
    }

    public string Name { get; }

    /// <summary>Asks a question and reads the answer to its end.</summary>
    public async Task Chat(AnswerChecker checker, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat");
        request.Content = JsonContent.Create(new
        {
            model = EchoControl.Model,
            messages = new[] { new { role = "user", content = "Count." } },
        });
        checker.Asked();
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        await MustBeWell(answer, stop);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
        while (await lines.ReadLineAsync(stop) is { } line)
            checker.Line(line);
        checker.Ended();
    }

    /// <returns>The vectors, as they came.</returns>
    public async Task<string> Embed(IReadOnlyList<string> texts, CancellationToken stop)
    {
        using var answer = await _http.PostAsJsonAsync("/api/embed", new { model = EchoControl.EmbedModel, input = texts }, stop);
        await MustBeWell(answer, stop);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(stop));
        return body.RootElement.GetProperty("embeddings").GetRawText();
    }

    public void Dispose() => _http.Dispose();

    private static async Task MustBeWell(HttpResponseMessage answer, CancellationToken stop)
    {
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
    }
}
