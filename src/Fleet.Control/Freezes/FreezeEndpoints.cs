using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Freezes;

/// <summary>
/// Freezes over HTTP: a tenant's hold its own work, the default tenant's everybody's. They hold from the next round of
/// dispatch, within a second or two.
/// </summary>
internal static class FreezeEndpoints
{
    public static void MapFreezes(this IEndpointRouteBuilder routes)
    {
        var freezes = routes.MapGroup("/v1/freezes").WithTags("Freezes").RequireScope(Scope.Admin);
        freezes.MapGet("/", List).Produces<PageOf<FreezeView>>();
        freezes.MapPut("/{name}", Put).AuditedAs("queue.freeze").Accepts<FreezeRequest>("application/json").Produces<FreezeView>();
        freezes.MapDelete("/{name}", Remove).AuditedAs("queue.thaw").Produces(204);
    }

    private static async Task<IResult> List(Caller caller, FreezeStore freezes, CancellationToken stop) =>
        Results.Json(
            new PageOf<FreezeView>([.. (await freezes.List(stop))
                .Where(freeze => caller.MaySee(freeze.Tenant)).Select(FreezeView.Of)], null));

    private static async Task<IResult> Put(
        string name,
        HttpRequest request,
        Caller caller,
        FreezeStore freezes,
        FreezeRules rules,
        DatabaseClock clock,
        CancellationToken stop)
    {
        var asked = await JsonBody.Read<FreezeRequest>(request);
        rules.Check(name, asked);
        var freeze = new Freeze
        {
            Tenant = caller.Tenant,
            Name = name,
            Kinds = [.. (asked.Kinds ?? []).Select(kind => kind!).Distinct()],
            Reason = asked.Reason,
            By = caller.Name,
            At = clock.Now,
        };
        await freezes.Put(freeze, stop);
        return Results.Json(FreezeView.Of(freeze));
    }

    private static async Task<IResult> Remove(
        string name, Caller caller, FreezeStore freezes, CancellationToken stop) =>
        await freezes.Remove(caller.Tenant, name, stop) ? Results.NoContent() : Problem.NotFound("freeze");
}
