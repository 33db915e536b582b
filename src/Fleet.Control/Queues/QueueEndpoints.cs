using System.Text.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Queues;

/// <summary>How deep the queues of the broker are: <c>/v1/queues</c>.</summary>
internal static class QueueEndpoints
{
    public static void MapQueues(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/v1/queues").WithTags("Queues").RequireScope(Scope.Admin).OnlyForTheFleet()
            .MapGet("/", List).Produces<PageOf<QueueView>>();

    private static async Task<IResult> List(Page page, QueueReader queues, BrokerSettings settings, CancellationToken stop)
    {
        if (!settings.OwnUsers)
            return Problem.Conflict("broker_unknown", "Control knows no management API of the broker: Broker:ManagementUrl names it.");
        try
        {
            var all = await queues.List(stop);
            var behind = page.After is { } after ? all.Where(queue => string.CompareOrdinal(queue.Name, after) > 0) : all;
            return Results.Json(page.Cut(behind.Take(page.Limit + 1).ToList(), queue => queue.Name, queue => queue));
        }
        catch (Exception away) when (away is HttpRequestException or JsonException)
        {
            return Problem.Unavailable("broker_unavailable", "The broker's management API cannot be reached at the moment.");
        }
    }
}
