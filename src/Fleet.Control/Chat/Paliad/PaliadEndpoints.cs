using System.Globalization;
using Fleet.Contracts.Chat;
using Fleet.Control.Chat.Statistics;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Chat.Paliad;

/// <summary>
/// Paliad's wire: its paths, words and errors. <c>turn</c>, <c>reset</c>, <c>history</c> and what is for admins refuse with
/// <c>{"error"}</c>, the paths of one turn with a line of text.
/// </summary>
internal static class PaliadEndpoints
{
    private const int UsualRows = 50;
    private const int MostRows = 200;

    public static void MapPaliadApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/paliadin");
        api.MapPost("/turn", Ask).AuditedAs("turn.submit");
        api.MapGet("/history", History);
        api.MapPost("/reset", Reset).AuditedAs("conversation.reset");
        var turn = api.MapGroup("").AddEndpointFilter(SayLookupFailed);
        turn.MapGet("/stream/{id}", Watch).EndWithKey();
        turn.MapGet("/turns/{id}", Show);
        turn.MapGet("/turns/{id}/recover", Recover);
        turn.MapPost("/turns/{id}/cancellation", Cancel).AuditedAs("turn.cancel");
        var admin = routes.MapGroup("/api/admin/paliadin");
        admin.MapGet("/stats", Statistics);
        admin.MapGet("/turns", Latest);
    }

    private static async Task<IResult> Ask(
        HttpRequest request, Caller caller, PaliadSessions sessions, TurnSubmissions submissions, CancellationToken stop)
    {
        using var body = await BodyBytes.Read(request);
        var wanted = PaliadRequest.Read(body.Span);
        var session = string.IsNullOrEmpty(wanted.SessionId) ? Guid.NewGuid().ToString() : wanted.SessionId;
        var conversation = await sessions.Find(session, caller, stop);
        var question = new TurnRequest { Text = wanted.UserMessage!, Context = wanted.ContextJson() };
        return await submissions.Submit(
            Request.Of(request, caller, body.Memory),
            submissions.Draft(conversation, question, caller),
            conversation.CorrelationId,
            turn => new Answer(200, Answer.Write(PaliadAsked.Of(turn.CorrelationId))),
            stop);
    }

    private static async Task<IResult> Watch(
        string id, HttpContext context, Caller caller, PaliadQueries turns, PaliadStream stream, CancellationToken stop)
    {
        if (!Guid.TryParseExact(id, "D", out var turnId))
            return PaliadText.InvalidId;
        if (await turns.Find(turnId, caller, stop) is not { } turn)
            return PaliadText.NoStream;
        await stream.Write(turn, context);
        return Results.Empty;
    }

    private static Task<IResult> Show(string id, Caller caller, PaliadQueries turns, CancellationToken stop) =>
        With(id, caller, turns, turn => Results.Json(PaliadTurn.Of(turn)), stop);

    private static Task<IResult> Recover(
        string id, Caller caller, PaliadQueries turns, PaliadSettings settings, DatabaseClock clock, CancellationToken stop)
    {
        var patience = TimeSpan.FromSeconds(settings.RecoverSeconds);
        return With(id, caller, turns, turn => Results.Json(PaliadRecovery.Of(turn, patience, clock.Now)), stop);
    }

    /// <summary>Fleet's addition: what came of the answer stays. 200 where it is over already.</summary>
    private static async Task<IResult> Cancel(
        string id, Caller caller, PaliadQueries turns, WorkOperations operations, CancellationToken stop)
    {
        if (!Guid.TryParseExact(id, "D", out var turnId))
            return PaliadText.InvalidId;
        if (await turns.Find(turnId, caller, stop) is not { } turn)
            return PaliadText.NotFound;
        if (WorkStates.IsOver(turn.State))
            return Results.Json(PaliadTurn.Of(turn));
        await operations.Cancel(turnId, TurnSpec.Kind, caller.Name);
        return Results.Json(PaliadTurn.Of(await turns.Find(turnId, caller, stop) ?? turn), statusCode: 202);
    }

    /// <summary>Oldest first.</summary>
    private static async Task<IResult> History(
        string? session, string? limit, Caller caller, PaliadQueries turns, CancellationToken stop)
    {
        var most = int.TryParse(limit, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var wanted) && wanted > 0
            ? Math.Min(wanted, MostRows)
            : UsualRows;
        return Results.Json(string.IsNullOrWhiteSpace(session)
            ? []
            : (await turns.List(caller, session.Trim(), most, stop)).Reverse());
    }

    private static async Task<IResult> Reset(Caller caller, PaliadSessions sessions, CancellationToken stop)
    {
        await sessions.Reset(caller, stop);
        return Results.Json(new PaliadDone(true));
    }

    /// <summary>Of what the key asked.</summary>
    private static async Task<IResult> Statistics(Caller caller, ChatStatistics statistics, CancellationToken stop) =>
        Results.Json(await statistics.Of(caller.Tenant, stop, caller.KeyId));

    private static async Task<IResult> Latest(Caller caller, PaliadQueries turns, CancellationToken stop) =>
        Results.Json(await turns.List(caller, session: null, UsualRows, stop));

    private static async Task<IResult> With(
        string id, Caller caller, PaliadQueries turns, Func<Turn, IResult> answer, CancellationToken stop) =>
        !Guid.TryParseExact(id, "D", out var turnId) ? PaliadText.InvalidId
        : await turns.Find(turnId, caller, stop) is { } turn ? answer(turn)
        : PaliadText.NotFound;

    private static async ValueTask<object?> SayLookupFailed(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        try
        {
            return await next(call);
        }
        catch (Exception failure) when (DatabaseFailure.IsPassing(failure) && !call.HttpContext.Response.HasStarted)
        {
            call.HttpContext.Response.Clear();
            return PaliadText.LookupFailed;
        }
    }
}

/// <param name="SseUrl">Where the answer is streamed.</param>
internal sealed record PaliadAsked(Guid TurnId, string SseUrl)
{
    public static PaliadAsked Of(Guid turn) => new(turn, $"/api/paliadin/stream/{turn}");
}

internal sealed record PaliadDone(bool Ok);
