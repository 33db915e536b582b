using System.Text.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Models.Ollama;

/// <summary>Ollama's native API before all the models of the fleet.</summary>
internal static class OllamaEndpoints
{
    private static readonly JsonElement NoDetails = JsonSerializer.Deserialize<JsonElement>(
        """
        {"parent_model": "", "format": "", "family": "", "families": null, "parameter_size": "", "quantization_level": ""}
        """);

    private static readonly JsonElement Nothing = JsonSerializer.Deserialize<JsonElement>("{}");

    public static void MapOllama(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").WithTags("Ollama").WithMetadata(ProblemShape.Plain).AlsoForOpenNetworks();
        api.MapPost("/chat", Chat).RequireScope(Scope.JobsCreate).EndWithKey()
            .Accepts<OllamaChatRequest>("application/json", ModelRequest.AnyType).Produces<OllamaAnswer>();
        api.MapPost("/generate", Generate).RequireScope(Scope.JobsCreate).EndWithKey()
            .Accepts<OllamaGenerateRequest>("application/json", ModelRequest.AnyType).Produces<OllamaAnswer>();
        api.MapPost("/embed", Embed).RequireScope(Scope.JobsCreate).EndWithKey()
            .Accepts<OllamaEmbedRequest>("application/json", ModelRequest.AnyType).Produces<OllamaEmbedAnswer>();
        api.MapPost("/embeddings", EmbedOne).RequireScope(Scope.JobsCreate).EndWithKey()
            .Accepts<OllamaEmbedRequest>("application/json", ModelRequest.AnyType).Produces<OllamaEmbeddingAnswer>();
        api.MapGet("/tags", List).RequireScope(Scope.JobsRead).Produces<OllamaModels>();
        api.MapGet("/ps", ListLoaded).RequireScope(Scope.JobsRead).Produces<OllamaModels>();
        api.MapPost("/show", Show).RequireScope(Scope.JobsRead)
            .Accepts<OllamaShowRequest>("application/json", ModelRequest.AnyType).Produces<OllamaModelDetails>();
        api.MapGet("/version", (ModelSettings settings) => Json(new { Version = settings.OllamaVersion }))
            .RequireScope(Scope.JobsRead);
        routes.MapGet("/", () => Results.Text("Ollama is running")).AllowAnonymous().WithTags("Ollama");
    }

    private static async Task<IResult> Chat(HttpContext context, ModelCalls calls, AnswerSender sender)
    {
        using var body = await BodyBytes.Read(context.Request);
        var request = ModelRequest.Parse<OllamaChatRequest>(body.Span);
        var model = ModelRequest.NeedModel(request.Model);
        var call = await calls.Begin(context, model, OllamaSpecs.Chat(request, model), WorkWires.Ollama, body.Memory);
        body.Dispose(); // the answer may take hours
        return await sender.Send(context, call, new OllamaFormat(model, isChat: true), inPieces: request.Stream is not false);
    }

    private static async Task<IResult> Generate(HttpContext context, ModelCalls calls, AnswerSender sender)
    {
        using var body = await BodyBytes.Read(context.Request);
        var request = ModelRequest.Parse<OllamaGenerateRequest>(body.Span);
        var model = ModelRequest.NeedModel(request.Model);
        var call = await calls.Begin(context, model, OllamaSpecs.Generate(request, model), WorkWires.Ollama, body.Memory);
        body.Dispose();
        return await sender.Send(context, call, new OllamaFormat(model, isChat: false), inPieces: request.Stream is not false);
    }

    private static Task<IResult> Embed(HttpContext context, ModelCalls calls, AnswerSender sender) =>
        EmbedTexts(context, calls, sender, request => OllamaSpecs.EmbedInput(request.Input), isOne: false);

    private static Task<IResult> EmbedOne(HttpContext context, ModelCalls calls, AnswerSender sender) =>
        EmbedTexts(context, calls, sender, request => [request.Prompt ?? ""], isOne: true);

    private static async Task<IResult> EmbedTexts(
        HttpContext context, ModelCalls calls, AnswerSender sender, Func<OllamaEmbedRequest, IReadOnlyList<string>> texts,
        bool isOne)
    {
        using var body = await BodyBytes.Read(context.Request);
        var request = ModelRequest.Parse<OllamaEmbedRequest>(body.Span);
        var model = ModelRequest.NeedModel(request.Model);
        var spec = OllamaSpecs.Embed(request, model, texts(request));
        if (spec.Input!.Count == 0)
        {
            await calls.Find(model, Caller.Of(context).Tenant, context.RequestAborted);
            return Json(new OllamaEmbedAnswer(model, [], null, null, null));
        }

        var call = await calls.Begin(context, model, spec, WorkWires.Ollama, body.Memory);
        body.Dispose();
        return await sender.Send(context, call, new OllamaEmbedFormat(model, isOne));
    }

    private static async Task<IResult> List(ModelCalls calls, Caller caller, CancellationToken stop) =>
        Json(new OllamaModels([.. (await calls.List(caller.Tenant, stop)).Select(View)]));

    private static async Task<IResult> ListLoaded(ModelCalls calls, Caller caller, CancellationToken stop) =>
        Json(new OllamaModels([.. (await calls.List(caller.Tenant, stop)).Where(model => model.IsLoaded)
            .Select(model => View(model) with { ExpiresAt = model.LoadedUntil })]));

    private static async Task<IResult> Show(HttpRequest request, ModelCalls calls, Caller caller, CancellationToken stop)
    {
        using var body = await BodyBytes.Read(request);
        var wanted = ModelRequest.Parse<OllamaShowRequest>(body.Span);
        var model = await calls.Find(ModelRequest.NeedModel(wanted.Model ?? wanted.Name), caller.Tenant, stop);
        return Json(new OllamaModelDetails(Details(model), Nothing, model.ModifiedAt, model.Capabilities));
    }

    private static OllamaModel View(KnownModel model) =>
        new(model.Name, model.Name, model.ModifiedAt, model.Size, model.Digest, Details(model));

    private static JsonElement Details(KnownModel model) =>
        model.DetailsJson is null ? NoDetails : JsonSerializer.Deserialize<JsonElement>(model.DetailsJson);

    private static IResult Json(object answer) => Results.Json(answer, OllamaAnswer.Json);
}
