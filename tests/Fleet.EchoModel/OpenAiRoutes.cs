using System.Text.Json;

namespace Fleet.EchoModel;

/// <summary>OpenAI's API (https://platform.openai.com/docs/api-reference): models, chat completions and embeddings.</summary>
internal static class OpenAiRoutes
{
    public static void MapOpenAi(this IEndpointRouteBuilder routes, EchoServer server)
    {
        routes.MapGet("/v1/models", context => EchoJson.Write(context, new
        {
            Object = "list",
            Data = server.Models.Names.Select(
                name => new { Id = name, Object = "model", Created = 1_767_225_600, OwnedBy = "echo" }),
        }));
        routes.MapPost("/v1/chat/completions", context => Complete(context, server));
        routes.MapPost("/v1/embeddings", context => Embed(context, server));
    }

    private static async Task Complete(HttpContext context, EchoServer server)
    {
        if (await EchoJson.Read(context) is not { } body || await FindModel(context, server, body) is not { } model)
            return;
        var behaviour = server.Script.Next(model);
        var question = EchoQuestion.Of(body, model, streamsByDefault: false);
        using var counted = server.Counts.Generate(model, question.Text, body, context.RequestAborted);
        var tellsUsage = body.TryGetProperty("stream_options", out var options)
            && options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True;
        context.Response.ContentType = question.Streams ? "text/event-stream" : "application/json; charset=utf-8";
        var pace = new EchoPace(context, behaviour);
        if (await pace.Begin(server.Models, model))
            return;
        var answer = new OpenAiAnswer(context, question, tellsUsage);
        await answer.Begin();
        if (question.Thinks)
            await answer.Think($"The user says: {question.Text}");
        if (question.Tool is { } tool)
            await answer.Call(tool);
        else
        {
            foreach (var word in question.Answer(behaviour))
            {
                if (await pace.Word())
                    return;
                await answer.Say(word);
            }
        }

        if (!await pace.End())
            await answer.End(question.Tool is not null ? "tool_calls" : question.IsCut(behaviour) ? "length" : "stop");
    }

    private static async Task Embed(HttpContext context, EchoServer server)
    {
        if (await EchoJson.Read(context) is not { } body || await FindModel(context, server, body) is not { } model)
            return;
        using var counted = server.Counts.Embed(context.RequestAborted);
        var texts = body.TryGetProperty("input", out var input) && input.ValueKind == JsonValueKind.Array
            ? input.EnumerateArray().Select(text => text.GetString() ?? "").ToList()
            : [input.ValueKind == JsonValueKind.String ? input.GetString()! : ""];
        int? dimensions = body.TryGetProperty("dimensions", out var wanted) ? wanted.GetInt32() : null;
        var isBase64 = body.TryGetProperty("encoding_format", out var format) && format.GetString() == "base64";
        if (await OllamaRoutes.Beside(context, server.Script.Next(model)))
            return;
        var tokens = texts.Sum(EchoWords.Count);
        await EchoJson.Write(context, new
        {
            Object = "list",
            Data = texts.Select((text, index) => new
            {
                Object = "embedding",
                Index = index,
                Embedding = Encode(EchoWords.Embed(text, dimensions), isBase64),
            }),
            Model = model,
            Usage = new { PromptTokens = tokens, TotalTokens = tokens },
        });
    }

    private static object Encode(float[] vector, bool isBase64) => isBase64
        ? Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan()))
        : vector;

    private static async Task<string?> FindModel(HttpContext context, EchoServer server, JsonElement body)
    {
        var name = body.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String ? model.GetString() : null;
        if (server.Models.Find(name) is { } found)
            return found;
        var error = new { Message = $"The model '{name}' does not exist", Type = "invalid_request_error", Code = "model_not_found" };
        await EchoJson.Write(context, new { error }, 404);
        return null;
    }
}
