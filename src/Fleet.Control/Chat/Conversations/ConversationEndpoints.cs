using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Chat.Conversations;

/// <summary>Conversations over HTTP. For whoever does not own one, it is not there.</summary>
internal static class ConversationEndpoints
{
    public static void MapConversations(this IEndpointRouteBuilder routes)
    {
        var conversations = routes.MapGroup("/v1/conversations").WithTags("Conversations").RequireScope(Scope.ChatRead);
        conversations.MapPost("/", Begin).AuditedAs("conversation.begin").RequireScope(Scope.ChatCreate)
            .Accepts<ConversationRequest>("application/json").Produces<ConversationView>(201);
        conversations.MapGet("/", List).Produces<PageOf<ConversationView>>();
        conversations.MapGet("/{id}", Show).Produces<ConversationView>();
        conversations.MapPatch("/{id}", Rename).AuditedAs("conversation.change").RequireScope(Scope.ChatUpdate)
            .Accepts<ConversationChange>("application/json").Produces<ConversationView>();
        conversations.MapDelete("/{id}", Remove).AuditedAs("conversation.delete").RequireScope(Scope.ChatUpdate).Produces(204);
        conversations.MapGet("/{id}/turns", Turns).Produces<PageOf<TurnView>>();
        conversations.MapPost("/{id}/turns", TurnEndpoints.Submit).AuditedAs("turn.submit").RequireScope(Scope.ChatCreate)
            .Accepts<TurnRequest>("application/json").Produces<TurnView>(202);
    }

    private static async Task<IResult> Begin(
        HttpRequest request, Caller caller, IdempotentWork once, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<ConversationRequest>(body.Span);
        TurnRules.Check(wanted);
        var id = WireId.New();
        return await once.Run(Request.Of(request, caller, body.Memory), [RowRef.New<Conversation>(id)], unit =>
        {
            var conversation = new Conversation
            {
                CorrelationId = id,
                Tenant = caller.Tenant,
                Owner = caller.KeyId,
                Title = wanted.Title,
                Model = wanted.Model,
                Upstream = wanted.Upstream,
                Context = TurnRules.ContextOf(wanted.Context),
                CreatedAt = unit.Now,
                ChangedAt = unit.Now,
            };
            unit.Add(conversation);
            return Task.FromResult(Answer.Created(ConversationView.PathOf(id), ConversationView.Of(conversation)));
        }, stop);
    }

    /// <summary>With <c>?search=</c>, those that have the text in their title, in a question or in an answer.</summary>
    private static Task<PageOf<ConversationView>> List(
        string? search, Page page, Caller caller, ConversationQueries conversations, CancellationToken stop) =>
        conversations.List(caller.KeyId, search, page, stop);

    private static async Task<IResult> Show(
        string id, Caller caller, ConversationQueries conversations, CancellationToken stop) =>
        await conversations.Find(id, caller.KeyId, stop) is { } conversation
            ? Results.Json(ConversationView.Of(conversation))
            : NotThere();

    private static async Task<IResult> Rename(
        string id, HttpRequest request, Caller caller, ConversationQueries conversations, GroupCommit commits,
        CancellationToken stop)
    {
        if (await conversations.Find(id, caller.KeyId, stop) is not { } conversation)
            return NotThere();
        var wanted = await JsonBody.Read<ConversationChange>(request);
        TurnRules.Check(wanted);
        await commits.Run([RowRef.Of<Conversation>(conversation.CorrelationId)], async unit =>
        {
            if (await unit.Find<Conversation>(conversation.CorrelationId) is not { } row)
                return;
            row.Title = wanted.Title;
            unit.Change(row);
        }, stop: stop);
        return await Show(id, caller, conversations, stop);
    }

    /// <summary>204: it does not exist any more. Turns of it that run are stopped, and go when they have ended.</summary>
    private static async Task<IResult> Remove(
        string id, Caller caller, ConversationQueries conversations, ConversationRemoval removal, CancellationToken stop)
    {
        if (await conversations.Find(id, caller.KeyId, stop) is not { } conversation)
            return NotThere();
        await removal.Remove(conversation.CorrelationId, caller.Name, stop);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Turns(
        string id, Page page, Caller caller, ConversationQueries conversations, CancellationToken stop) =>
        await conversations.Find(id, caller.KeyId, stop) is { } conversation
            ? Results.Json(await conversations.Turns(conversation, page, stop))
            : NotThere();

    private static ProblemResult NotThere() => Problem.NotFound("conversation");
}
