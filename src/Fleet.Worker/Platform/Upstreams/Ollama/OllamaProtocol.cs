using System.Runtime.CompilerServices;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Models;

namespace Fleet.Worker.Platform.Upstreams.Ollama;

/// <summary>Ollama's API: https://github.com/ollama/ollama/blob/main/docs/api.md</summary>
internal sealed class OllamaProtocol(UpstreamHttp http) : IModelProtocol
{
    private const double NanosecondsPerMillisecond = 1_000_000;

    private readonly OllamaCapabilities _capabilities = new(http);

    public string Name => "ollama";

    public async Task<UpstreamStock> Look(CancellationToken stop)
    {
        var version = await Get("api/version", stop);
        var tags = await Get("api/tags", stop);
        var loaded = await GetLoaded(stop);
        var models = UpstreamJson.Read(http.Name, () => tags.GetProperty("models").EnumerateArray().Select(ModelOf).ToList());
        var stock = UpstreamJson.Read(http.Name, () => new UpstreamStock(
            models,
            [.. loaded.Keys],
            version.GetProperty("version").GetString(),
            loaded.Where(model => model.Value is not null).ToDictionary(model => model.Key, model => model.Value!.Value)));
        return stock with { Models = await _capabilities.AddTo(models, stop) };
    }

    public async IAsyncEnumerable<ModelPiece> Ask(InferenceSpec call, [EnumeratorCancellation] CancellationToken stop)
    {
        var (path, body) = UpstreamJson.Write(http.Name, () => OllamaRequest.Of(call));
        using var silence = http.Listening(stop);
        using var answer = await http.Post(path, body, silence);
        if (call.Operation == "embed")
        {
            yield return Embeddings(await AnswerBody.Read(answer, silence, AnswerBody.MostBytes));
            yield break;
        }

        var lines = new AnswerLines(await silence.Listen(over => answer.Content.ReadAsStreamAsync(over)), silence);
        while (await lines.Next() is { } line)
        {
            var pieces = UpstreamJson.Read(http.Name, () => Pieces(line));
            foreach (var piece in pieces)
            {
                yield return piece;
                if (piece is Answered)
                    yield break;
            }
        }

        throw UpstreamException.Cut(http.Name, "it ended without saying that it is done.");
    }

    private List<ModelPiece> Pieces(ReadOnlyMemory<byte> line)
    {
        using var document = UpstreamJson.Parse(http.Name, line);
        var said = document.RootElement;
        if (UpstreamRefusal.SentenceOf(said) is { } error)
            throw UpstreamException.Error(http.Name, error);
        var isDone = said.GetProperty("done").GetBoolean();
        var message = said.TryGetProperty("message", out var inChat) ? inChat : said;
        var pieces = new List<ModelPiece>();
        if (UpstreamJson.Text(message, "thinking") is { Length: > 0 } thinking)
            pieces.Add(new Thought(thinking));
        if ((UpstreamJson.Text(message, "content") ?? UpstreamJson.Text(message, "response")) is { Length: > 0 } content)
            pieces.Add(new Said(content));
        if (message.TryGetProperty("tool_calls", out var calls)
            && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0)
            pieces.Add(new Called(JsonSerializer.Serialize(calls)));
        if (isDone)
            pieces.Add(End(said));
        return pieces;
    }

    private static Answered End(JsonElement said) => new(
        UpstreamJson.Text(said, "done_reason") ?? "stop",
        UpstreamJson.Number(said, "prompt_eval_count"),
        UpstreamJson.Number(said, "eval_count"),
        Milliseconds(said, "load_duration"),
        Milliseconds(said, "prompt_eval_duration"),
        Milliseconds(said, "eval_duration"));

    private Answered Embeddings(byte[] bytes) => UpstreamJson.Read(http.Name, () =>
    {
        using var document = UpstreamJson.Parse(http.Name, bytes);
        var said = document.RootElement;
        return new Answered(
            PromptTokens: UpstreamJson.Number(said, "prompt_eval_count"),
            LoadMs: Milliseconds(said, "load_duration"),
            Embeddings: said.GetProperty("embeddings").Deserialize<List<float[]>>());
    });

    private static UpstreamModel ModelOf(JsonElement model) => new(
        model.GetProperty("name").GetString()!,
        UpstreamJson.Number(model, "size"),
        UpstreamJson.Text(model, "digest"),
        model.TryGetProperty("modified_at", out var at) && at.TryGetDateTimeOffset(out var modified) ? modified : null,
        model.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object
            ? details.GetRawText()
            : null);

    private static double? Milliseconds(JsonElement said, string name) =>
        UpstreamJson.Number(said, name) / NanosecondsPerMillisecond;

    /// <summary>Servers that only resemble Ollama do not tell, and are none the worse for it.</summary>
    /// <returns>Until when each is kept; null where it does not tell.</returns>
    private async Task<Dictionary<string, DateTimeOffset?>> GetLoaded(CancellationToken stop)
    {
        try
        {
            var loaded = await Get("api/ps", stop);
            return UpstreamJson.Read(http.Name, () => loaded.GetProperty("models").EnumerateArray()
                .DistinctBy(model => model.GetProperty("name").GetString())
                .ToDictionary(model => model.GetProperty("name").GetString()!, UntilOf));
        }
        catch (UpstreamException failure) when (failure.Code != AttemptErrors.UpstreamUnreachable)
        {
            return [];
        }
    }

    private static DateTimeOffset? UntilOf(JsonElement model) =>
        model.TryGetProperty("expires_at", out var at) && at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out var until)
            ? until.ToUniversalTime()
            : null;

    private async Task<JsonElement> Get(string path, CancellationToken stop)
    {
        var bytes = await http.Get(path, stop);
        return UpstreamJson.Read(http.Name, () =>
        {
            using var document = UpstreamJson.Parse(http.Name, bytes);
            return document.RootElement.Clone();
        });
    }
}
