using System.Globalization;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Retention;

namespace Fleet.Control.Chat.Responses;

/// <summary>OpenAI's Responses API: each response is a turn.</summary>
internal static class ResponseEndpoints
{
    public static void MapResponses(this IEndpointRouteBuilder routes)
    {
        var responses = routes.MapGroup("/v1/responses").WithTags("OpenAI").WithMetadata(ProblemShape.OpenAi);
        responses.MapPost("/", Create).AuditedAs("turn.submit").RequireScope(Scope.ChatCreate).EndWithKey()
            .Accepts<ResponseRequest>("application/json").Produces<Response>();
        responses.MapGet("/{id}", Show).RequireScope(Scope.ChatRead).EndWithKey().Produces<Response>();
        responses.MapPost("/{id}/cancel", Cancel).AuditedAs("turn.cancel").RequireScope(Scope.ChatUpdate).Produces<Response>();
        responses.MapDelete("/{id}", Remove).AuditedAs("turn.delete").RequireScope(Scope.ChatUpdate).Produces<ResponseRemoved>();
        responses.MapGet("/{id}/input_items", InputItems).RequireScope(Scope.ChatRead).Produces<ResponseInputPage>();
    }

    private static async Task<IResult> Create(
        HttpContext context, Caller caller, ResponseSubmissions submissions, ResponseReader reader, ConversationRemoval removal,
        ResponseCancellation cancellation, CancellationToken stop)
    {
        JsonBody.RequireJson(context.Request);
        using var body = await BodyBytes.Read(context.Request);
        var wanted = JsonBody.ParseKnown<ResponseRequest>(body.Span);
        var (turn, isRepeated) = await submissions.Submit(Request.Of(context.Request, caller, body.Memory), wanted, stop);
        body.Dispose(); // the answer may take hours
        if (isRepeated)
            context.Response.Headers["Idempotency-Replayed"] = "true";
        var asked = await reader.Get(turn, stop);
        try
        {
            return wanted.Stream is true ? await ResponseStream.Write(context, reader, asked, after: -1, stop)
                : !asked.Terms.Background ? Json(await reader.Wait(asked, stop))
                : Json(isRepeated ? await reader.Read(asked, stop) : Response.Begun(asked, ResponseStatus.Queued));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !isRepeated)
        {
            await cancellation.CallerLeft(asked);
            throw;
        }
        finally
        {
            if (!asked.Terms.Store)
                await removal.Remove(asked.Turn.ConversationId, caller.Name, CancellationToken.None);
        }
    }

    private static async Task<IResult> Show(
        string id, HttpContext context, Caller caller, ResponseReader reader, CancellationToken stop)
    {
        var asked = await reader.Get(id, caller, stop);
        return Flag(context.Request, "stream")
            ? await ResponseStream.Write(context, reader, asked, After(context.Request), stop)
            : Json(await reader.Read(asked, stop));
    }

    private static async Task<IResult> Cancel(
        string id, Caller caller, ResponseReader reader, ResponseCancellation cancellation, CancellationToken stop) =>
        Json(await reader.Read(await cancellation.Cancel(await reader.Get(id, caller, stop), caller.Name, stop), stop));

    private static async Task<IResult> Remove(
        string id, Caller caller, ResponseReader reader, ResponseCancellation cancellation, WorkOperations operations,
        WorkRemoval removal, CancellationToken stop)
    {
        var asked = await reader.Get(id, caller, stop);
        if (!WorkStates.IsOver(asked.Turn.State))
            asked = await cancellation.Cancel(asked, caller.Name, stop);
        if (!await operations.Remove(asked.Turn, stop))
            return await removal.WhyNot(asked.Turn, stop);
        return Json(new ResponseRemoved(ResponseIds.OfResponse(asked.Turn.CorrelationId), "response", Deleted: true));
    }

    private static async Task<IResult> InputItems(
        string id, HttpRequest request, Caller caller, ResponseReader reader, CancellationToken stop) =>
        Json(ResponseInputPage.Of((await reader.Get(id, caller, stop)).Terms.Input, request.Query));

    private static IResult Json<T>(T answer) => Results.Json(answer, Response.Json);

    private static bool Flag(HttpRequest request, string name) => request.Query[name].ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        _ => throw ResponseParts.Wrong(name, "Use true or false."),
    };

    private static long After(HttpRequest request)
    {
        if (!request.Query.TryGetValue("starting_after", out var text))
            return -1;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? after
            : throw ResponseParts.Wrong("starting_after", "This must be the sequence number of an event.");
    }
}

internal sealed record ResponseRemoved(string Id, string Object, bool Deleted);
