using System.Diagnostics;
using System.Text.Json;

namespace Fleet.EchoModel;

/// <summary>Ollama's API (https://github.com/ollama/ollama/blob/main/docs/api.md), as far as clients of chats need it.</summary>
internal static class OllamaRoutes
{
    private static readonly object Details = new
    {
        ParentModel = "",
        Format = "gguf",
        Family = "echo",
        Families = (string[])["echo"],
        ParameterSize = "1",
        QuantizationLevel = "F32",
    };

    public static void MapOllama(this IEndpointRouteBuilder routes, EchoServer server)
    {
        routes.MapGet("/api/version", context => EchoJson.Write(context, new { version = "0.0.0-echo" }));
        routes.MapGet("/api/tags", context => EchoJson.Write(context, new { models = server.Models.Names.Select(Describe) }));
        routes.MapGet("/api/ps", context => EchoJson.Write(context, new { models = server.Models.Loaded.Select(Describe) }));
        routes.MapPost("/api/show", context => EchoJson.Write(context, new { Details, Capabilities = (string[])["completion", "tools", "thinking"] }));
        routes.MapPost("/api/chat", context => Generate(context, server, isChat: true));
        routes.MapPost("/api/generate", context => Generate(context, server, isChat: false));
        routes.MapPost("/api/embed", context => Embed(context, server));
    }

    private static object Describe(string name) => new
    {
        Name = name,
        Model = name,
        ModifiedAt = "2026-01-01T00:00:00Z",
        Size = 1_000_000 + name.Length,
        ExpiresAt = "2318-01-01T00:00:00Z", // as Ollama says of models that stay
        Digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))),
        Details,
    };

    private static async Task Generate(HttpContext context, EchoServer server, bool isChat)
    {
        if (await EchoJson.Read(context) is not { } body || await FindModel(context, server, body) is not { } model)
            return;
        var started = Stopwatch.GetTimestamp();
        var behaviour = server.Script.Next(model);
        var question = EchoQuestion.Of(body, model, streamsByDefault: true);
        using var counted = server.Counts.Generate(model, question.Text, body, context.RequestAborted);
        context.Response.ContentType = question.Streams ? "application/x-ndjson" : "application/json; charset=utf-8";
        var pace = new EchoPace(context, behaviour);
        var answer = new OllamaAnswer(context, question, isChat);
        if (await pace.Begin(server.Models, model))
            return;
        var loaded = Stopwatch.GetElapsedTime(started);
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
            await answer.End(question.IsCut(behaviour) ? "length" : "stop", loaded, Stopwatch.GetElapsedTime(started));
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
        if (await Beside(context, server.Script.Next(model)))
            return;
        await EchoJson.Write(context, new
        {
            Model = model,
            Embeddings = texts.Select(text => EchoWords.Embed(text, dimensions)),
            TotalDuration = 1_000_000,
            LoadDuration = 0,
            PromptEvalCount = texts.Sum(EchoWords.Count),
        });
    }

    /// <summary>Embeddings leave the models that talk where they are. True when the fault is the answer.</summary>
    internal static Task<bool> Beside(HttpContext context, EchoBehaviour behaviour) =>
        new EchoPace(context, behaviour with { AfterWords = 0, LoadDelayMs = 0 }).Begin(new EchoModels(), "");

    private static async Task<string?> FindModel(HttpContext context, EchoServer server, JsonElement body)
    {
        var name = body.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String ? model.GetString() : null;
        if (string.IsNullOrEmpty(name))
            await EchoJson.Write(context, new { error = "model is required" }, 400);
        else if (server.Models.Find(name) is { } found)
            return found;
        else
            await EchoJson.Write(context, new { error = $"model '{name}' not found" }, 404);
        return null;
    }
}
