using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work.Retention;

namespace Fleet.Control.Platform.Work.Endpoints;

/// <summary>What becomes of finished work: it goes now, or stays until somebody lets it go.</summary>
internal static class WorkRemovalEndpoints
{
    public static void MapWorkRemoval<TView>(this IEndpointRouteBuilder work, IWorkFamily family)
    {
        var (name, update) = (family.Name, family.Scopes.Update);
        work.MapDelete("/{id}", Remove).AuditedAs($"{name}.delete").RequireScope(update).Produces(204);
        work.MapPost("/{id}/hold", Hold).AuditedAs($"{name}.hold").RequireScope(update).Produces<TView>();
        work.MapPost("/{id}/release", Release).AuditedAs($"{name}.release").RequireScope(update).Produces<TView>();
    }

    /// <summary>204 when it is gone: it does not exist for anybody any more.</summary>
    private static async Task<IResult> Remove(
        string id, IWorkFamily family, Caller caller, WorkStore store, WorkOperations operations, WorkRemoval removal,
        CancellationToken stop)
    {
        if (await store.Find(family, id, caller, stop) is not { } work)
            return Problem.NotFound(family.Name);
        if (await operations.Remove(work, stop))
            return TypedResults.NoContent();
        return await store.Find(family, work.CorrelationId, stop) is { } kept
            ? await removal.WhyNot(kept, stop)
            : Problem.NotFound(family.Name);
    }

    private static Task<IResult> Hold(
        string id, IWorkFamily family, Caller caller, WorkStore store, WorkOperations operations, CancellationToken stop) =>
        Set(id, true, family, caller, store, operations, stop);

    private static Task<IResult> Release(
        string id, IWorkFamily family, Caller caller, WorkStore store, WorkOperations operations, CancellationToken stop) =>
        Set(id, false, family, caller, store, operations, stop);

    /// <summary>In any state; what is so already stays so.</summary>
    private static async Task<IResult> Set(
        string id, bool held, IWorkFamily family, Caller caller, WorkStore store, WorkOperations operations, CancellationToken stop)
    {
        if (await store.Find(family, id, caller, stop) is not { } work)
            return Problem.NotFound(family.Name);
        if (work.Held != held)
        {
            await operations.Hold(work, held);
            work = await store.Find(family, work.CorrelationId, stop);
        }

        return work is null ? Problem.NotFound(family.Name) : Results.Json(await store.View(work, stop));
    }
}
