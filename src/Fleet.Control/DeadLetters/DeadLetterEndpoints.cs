using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Control.DeadLetters;

/// <summary>Looking at dead letters, sending them again, and throwing them away.</summary>
internal static class DeadLetterEndpoints
{
    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var letters = routes.MapGroup("/v1/dead-letters").WithTags("Dead letters").RequireScope(Scope.Admin).OnlyForTheFleet();
        letters.MapGet("/", List);
        letters.MapGet("/{letterId}", Show).Produces<DeadLetterView>();
        letters.MapPost("/{letterId}/replay", Replay).AuditedAs("dead_letter.replay").Produces<DeadLetterView>();
        letters.MapDelete("/{letterId}", Delete).AuditedAs("dead_letter.delete").Produces(204);
    }

    private static async Task<PageOf<DeadLetterView>> List(Page page, DeadLetterStore store, CancellationToken stop) =>
        page.Cut(await store.List(page.AfterId, page.Limit + 1, stop), letter => letter.Id, DeadLetterView.Of);

    private static async Task<IResult> Show(string letterId, DeadLetterStore store, CancellationToken stop) =>
        await Find(letterId, store, stop) is { } letter
            ? TypedResults.Ok(DeadLetterView.Of(letter))
            : Problem.NotFound("dead letter");

    private static async Task<IResult> Replay(
        string letterId, DeadLetterStore store, ILogger<DeadLetterStore> logger, CancellationToken stop)
    {
        if (await Find(letterId, store, stop) is not { } letter)
            return Problem.NotFound("dead letter");
        if (letter.IsPart)
            return Problem.Conflict("dead_letter_is_part", "Only a part of this message was kept; it cannot be replayed.");
        try
        {
            return TypedResults.Ok(DeadLetterView.Of(await store.Replay(letter, stop)));
        }
        catch (PublishException)
        {
            return Problem.Conflict("endpoint_gone", $"No queue takes what goes through {letter.Exchange} any more.");
        }
        catch (Exception failure) when (failure is RabbitMQClientException or TimeoutException or IOException)
        {
            DeadLetterLog.NotReplayed(logger, letter.Id, failure.Message);
            return Problem.Unavailable("broker_unavailable", "The broker cannot be reached at the moment.");
        }
    }

    private static async Task<IResult> Delete(string letterId, DeadLetterStore store, CancellationToken stop) =>
        WireId.TryParse(letterId, out var id) && await store.Delete(id, stop)
            ? TypedResults.NoContent()
            : Problem.NotFound("dead letter");

    private static async Task<DeadLetter?> Find(string letterId, DeadLetterStore store, CancellationToken stop) =>
        WireId.TryParse(letterId, out var id) ? await store.Find(id, stop) : null;
}
