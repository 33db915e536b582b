using System.Runtime.CompilerServices;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Models;

namespace Fleet.Worker.Platform.Upstreams.OpenAi;

/// <summary>OpenAI's API, as many servers speak it: https://platform.openai.com/docs/api-reference/chat</summary>
internal sealed class OpenAiProtocol(UpstreamHttp http) : IModelProtocol
{
    public string Name => "openai";

    public async Task<UpstreamStock> Look(CancellationToken stop)
    {
        var bytes = await http.Get("v1/models", stop);
        return UpstreamJson.Read(http.Name, () =>
        {
            using var document = UpstreamJson.Parse(http.Name, bytes);
            return new UpstreamStock([.. document.RootElement.GetProperty("data").EnumerateArray().Select(ModelOf)], []);
        });
    }

    public async IAsyncEnumerable<ModelPiece> Ask(InferenceSpec call, [EnumeratorCancellation] CancellationToken stop)
    {
        var (path, body) = UpstreamJson.Write(http.Name, () => OpenAiRequest.Of(call));
        using var silence = http.Listening(stop);
        using var answer = await http.Post(path, body, silence);
        if (call.Operation == "embed")
        {
            yield return Embeddings(await AnswerBody.Read(answer, silence, AnswerBody.MostBytes));
            yield break;
        }

        var lines = new AnswerLines(await silence.Listen(over => answer.Content.ReadAsStreamAsync(over)), silence);
        var completion = new OpenAiCompletion(http.Name);
        while (await lines.Next() is { } line)
        {
            var pieces = UpstreamJson.Read(http.Name, () => completion.Take(line));
            foreach (var piece in pieces)
                yield return piece;
            if (completion.IsOver)
                break;
        }

        foreach (var piece in UpstreamJson.Read(http.Name, completion.End))
            yield return piece;
    }

    private static UpstreamModel ModelOf(JsonElement model) => new(
        model.GetProperty("id").GetString()!,
        ModifiedAt: UpstreamJson.Number(model, "created") is > 0 and < 253_402_300_799 and var seconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null);

    private Answered Embeddings(byte[] bytes) => UpstreamJson.Read(http.Name, () =>
    {
        using var document = UpstreamJson.Parse(http.Name, bytes);
        var said = document.RootElement;
        if (UpstreamRefusal.SentenceOf(said) is { } error)
            throw UpstreamException.Error(http.Name, error);
        var vectors = said.GetProperty("data").EnumerateArray()
            .OrderBy(vector => UpstreamJson.Number(vector, "index") ?? 0)
            .Select(vector => vector.GetProperty("embedding").Deserialize<float[]>()!)
            .ToList();
        var usage = said.TryGetProperty("usage", out var tokens) ? tokens : default;
        return new Answered(PromptTokens: UpstreamJson.Number(usage, "prompt_tokens"), Embeddings: vectors);
    });
}
