using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Protocol.Ids;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Control.Chat;

/// <summary>How questions are asked over HTTP; everything else about turns is as with all work.</summary>
internal static class TurnEndpoints
{
    /// <summary>The branch that is meant, where the turn was asked in the conversation before that.</summary>
    private const string ConversationId = "conversation_id";

    public static void MapTurnChanges(this IEndpointRouteBuilder turns)
    {
        turns.MapPost("/{id}/regenerate", Regenerate).AuditedAs("turn.regenerate").RequireScope(Scope.ChatCreate)
            .Produces<TurnView>(202);
        turns.MapPost("/{id}/branch", Branch).AuditedAs("turn.branch").RequireScope(Scope.ChatCreate)
            .Accepts<BranchRequest>("application/json").Produces<TurnView>(202);
    }

    public static async Task<IResult> Submit(
        string id, HttpRequest request, Caller caller, [FromServices] TurnFamily family, ConversationQueries conversations,
        TurnSubmissions submissions, CancellationToken stop)
    {
        if (await conversations.Find(id, caller.KeyId, stop) is not { } conversation)
            return Problem.NotFound("conversation");
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<TurnRequest>(body.Span);
        TurnRules.Check(wanted);
        return await submissions.Submit(
            Request.Of(request, caller, body.Memory),
            submissions.Draft(conversation, wanted, caller),
            conversation.CorrelationId,
            turn => Accepted(family, turn),
            stop);
    }

    /// <summary>A new turn with the same question, whose answer takes the place of the former one.</summary>
    private static async Task<IResult> Regenerate(
        string id, [FromQuery(Name = ConversationId)] string? conversationId, HttpRequest request, Caller caller,
        IWorkFamily family, WorkStore store, ConversationQueries conversations, TurnSubmissions submissions, CancellationToken stop)
    {
        if (await store.Find(family, id, caller, stop) is not Turn turn)
            return Problem.NotFound(family.Name);
        await JsonBody.ReadNothing(request);
        var place = await conversations.PlaceOf(turn, conversationId, caller.KeyId, stop);
        if (!WorkStates.IsOver(turn.State))
            return WorkOperations.NotFinished(turn);
        return await submissions.Submit(
            Request.Of(request, caller),
            submissions.Again(turn, place.CorrelationId),
            place.CorrelationId,
            again => Accepted(family, again),
            stop);
    }

    /// <summary>Another question in the place of this one, in a new conversation that shares what came before it.</summary>
    private static async Task<IResult> Branch(
        string id, [FromQuery(Name = ConversationId)] string? conversationId, HttpRequest request, Caller caller,
        IWorkFamily family, WorkStore store, ConversationQueries conversations, TurnSubmissions submissions, CancellationToken stop)
    {
        if (await store.Find(family, id, caller, stop) is not Turn turn)
            return Problem.NotFound(family.Name);
        var trunk = await conversations.PlaceOf(turn, conversationId, caller.KeyId, stop);
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<BranchRequest>(body.Span);
        TurnRules.Check(wanted);
        var branch = WireId.New();
        var spec = SpecJson.Read<TurnSpec>(turn.Spec) with
        {
            Question = [new ChatMessage("user", wanted.Text)],
            Conversation = WireId.Format(branch),
        };
        return await submissions.Submit(
            Request.Of(request, caller, body.Memory),
            submissions.Draft(trunk, spec, upstream: null, turn.MaxAttempts),
            branch,
            asked => Accepted(family, asked),
            stop,
            async unit =>
            {
                unit.Add(trunk.Branch(branch, turn.Number, unit.Now));
                await ExchangeSql.Copy(unit, branch, trunk.CorrelationId, turn.Number);
            });
    }

    private static Answer Accepted(IWorkFamily family, Turn turn) => family.Accepted([turn], isList: false);
}
