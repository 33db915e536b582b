using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Models.OpenAi;

/// <summary>The part of OpenAI's API that its clients need to talk to a model.</summary>
internal static class OpenAiEndpoints
{
    public static void MapOpenAi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/v1").WithTags("OpenAI").WithMetadata(ProblemShape.OpenAi);
        api.MapPost("/chat/completions", Chat).RequireScope(Scope.JobsCreate).EndWithKey()
            .Accepts<OpenAiChatRequest>("application/json", ModelRequest.AnyType).Produces<OpenAiAnswer>();
        api.MapPost("/completions", Complete).RequireScope(Scope.JobsCreate).EndWithKey()
            .Accepts<OpenAiCompletionRequest>("application/json", ModelRequest.AnyType).Produces<OpenAiAnswer>();
        api.MapPost("/embeddings", Embed).RequireScope(Scope.JobsCreate).EndWithKey()
            .Accepts<OpenAiEmbeddingRequest>("application/json", ModelRequest.AnyType).Produces<OpenAiEmbeddings>();
        api.MapGet("/models", List).RequireScope(Scope.JobsRead).Produces<OpenAiModels>();
        api.MapGet("/models/{**model}", Show).RequireScope(Scope.JobsRead).Produces<OpenAiModel>();
    }

    private static async Task<IResult> Chat(HttpContext context, ModelCalls calls, AnswerSender sender, TimeProvider clock)
    {
        using var body = await BodyBytes.Read(context.Request);
        var request = ModelRequest.Parse<OpenAiChatRequest>(body.Span);
        var model = ModelRequest.NeedModel(request.Model);
        var call = await calls.Begin(context, model, OpenAiSpecs.Chat(request, model), WorkWires.OpenAi, body.Memory);
        body.Dispose(); // the answer may take hours
        var format = new OpenAiFormat(call.Job, model, clock.GetUtcNow(), isChat: true, WantsUsage(request));
        return await sender.Send(context, call, format, inPieces: request.Stream is true);
    }

    private static async Task<IResult> Complete(
        HttpContext context, ModelCalls calls, AnswerSender sender, TimeProvider clock)
    {
        using var body = await BodyBytes.Read(context.Request);
        var request = ModelRequest.Parse<OpenAiCompletionRequest>(body.Span);
        var model = ModelRequest.NeedModel(request.Model);
        var call = await calls.Begin(context, model, OpenAiSpecs.Complete(request, model), WorkWires.OpenAi, body.Memory);
        body.Dispose();
        var format = new OpenAiFormat(call.Job, model, clock.GetUtcNow(), isChat: false, WantsUsage(request));
        return await sender.Send(context, call, format, inPieces: request.Stream is true);
    }

    private static async Task<IResult> Embed(HttpContext context, ModelCalls calls, AnswerSender sender)
    {
        using var body = await BodyBytes.Read(context.Request);
        var request = ModelRequest.Parse<OpenAiEmbeddingRequest>(body.Span);
        var model = ModelRequest.NeedModel(request.Model);
        var call = await calls.Begin(context, model, OpenAiSpecs.Embed(request, model), WorkWires.OpenAi, body.Memory);
        body.Dispose();
        return await sender.Send(context, call, new OpenAiEmbedFormat(model, request.EncodingFormat == "base64"));
    }

    private static async Task<IResult> List(ModelCalls calls, Caller caller, CancellationToken stop) =>
        Json(new OpenAiModels("list", [.. (await calls.List(caller.Tenant, stop)).Select(View)]));

    private static async Task<IResult> Show(string model, ModelCalls calls, Caller caller, CancellationToken stop) =>
        Json(View(await calls.Find(Uri.UnescapeDataString(model), caller.Tenant, stop)));

    private static OpenAiModel View(KnownModel model) =>
        new(model.Name, "model", model.ModifiedAt?.ToUnixTimeSeconds() ?? 0, "library");

    private static bool WantsUsage(OpenAiRequest request) => request.StreamOptions?.IncludeUsage is true;

    private static IResult Json(object answer) => Results.Json(answer, OllamaAnswer.Json);
}
