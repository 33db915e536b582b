using System.Globalization;
using System.Text.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Work.Explain;
using Fleet.Control.Platform.Work.Lifecycles;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Platform.Work.Views;
using Fleet.Hosting.Stops;

namespace Fleet.Control.Platform.Work.Endpoints;

/// <summary>
/// Work over HTTP, as far as it is the same for every family: list, show, change, cancel, retry, explain, watch, remove.
/// How it is submitted, and what it looks like, is the family's.
/// </summary>
internal static class WorkEndpoints
{
    private const double LongestWait = 60;

    /// <returns>The group of the family's routes, for what it adds.</returns>
    public static RouteGroupBuilder MapWork<TView>(this IEndpointRouteBuilder routes, IWorkFamily family)
    {
        var (name, scopes) = (family.Name, family.Scopes);
        var work = routes.MapGroup(family.Path).WithTags(family.Tag)
            .WithMetadata(new FamilyMetadata(family));
        work.MapGet("/", List).Takes(WorkListQuery.Known).RequireScope(scopes.Read).Produces<WorkList<TView>>();
        work.MapPost("/search", Search).AuditedAs($"{name}.search").RequireScope(scopes.Read)
            .Accepts<WorkSearchRequest>("application/json").Produces<WorkList<TView>>();
        work.MapGet("/{id}", Show).RequireScope(scopes.Read).EndWithKey().Produces<TView>();
        work.MapPatch("/{id}", WorkChange.Apply).AuditedAs($"{name}.change").RequireScope(scopes.Update)
            .Accepts<WorkChange>("application/json").Produces<TView>();
        work.MapPost("/{id}/cancellation", Cancel).AuditedAs($"{name}.cancel").RequireScope(scopes.Update).Produces<TView>(202);
        work.MapPost("/{id}/retry", Retry).AuditedAs($"{name}.retry").RequireScope(scopes.Create).Produces<TView>(202);
        work.MapGet("/{id}/explain", Explain).RequireScope(scopes.Read).Produces<WorkExplanationView>();
        work.MapGet("/{id}/events", WorkStream.Watch).Takes("after").RequireScope(scopes.Read).EndWithKey();
        work.MapGet("/{id}/log", WorkLogText.Read).Takes("after").RequireScope(scopes.Read).EndWithKey();
        work.MapWorkRemoval<TView>(family);
        return work;
    }

    /// <summary>What is answered to a submission: the work as it is shown, or a list of it.</summary>
    public static Answer Accepted(this IWorkFamily family, IReadOnlyList<WorkRow> rows, bool isList)
    {
        var views = rows.Select(row => family.View(row, [])).ToList();
        return isList
            ? new Answer(202, JsonSerializer.Serialize(new PageOf<object>(views, null), FleetJson.Options))
            : new Answer(202, JsonSerializer.Serialize(views[0], FleetJson.Options), WorkLinks.Self(rows[0]));
    }

    private static async Task<IResult> List(
        HttpRequest request, IWorkFamily family, Page page, Caller caller, WorkStore store, WorkVocabulary vocabulary,
        FilterResolver filters, CancellationToken stop)
    {
        var query = await filters.Resolve(WorkListQuery.Of(request.Query, vocabulary), caller, stop);
        return Results.Json(await store.List(family, query.Filter, page, caller, stop));
    }

    /// <summary>The same list for a filter that is too long for a URL.</summary>
    private static async Task<IResult> Search(
        HttpRequest request, IWorkFamily family, Caller caller, WorkStore store, WorkVocabulary vocabulary,
        FilterResolver filters, CancellationToken stop)
    {
        var wanted = await JsonBody.Read<WorkSearchRequest>(request);
        var page = Page.Of(request, wanted.Limit?.ToString(CultureInfo.InvariantCulture), wanted.Cursor);
        var query = await filters.Resolve(
            new WorkListQuery(vocabulary.Read(wanted.Filter ?? ""), wanted.View), caller, stop);
        return Results.Json(await store.List(family, query.Filter, page, caller, stop));
    }

    private static async Task<IResult> Show(
        string id, string? wait, IWorkFamily family, Caller caller, WorkStore store, JournalFeed feed, Leaving leaving,
        CancellationToken stop)
    {
        var seconds = ReadWait(wait);
        if (await store.Find(family, id, caller, stop) is not { } work)
            return Problem.NotFound(family.Name);
        if (seconds > 0 && !WorkStates.IsOver(work.State))
        {
            await WaitForEnd(feed, work, TimeSpan.FromSeconds(seconds), leaving.Over, stop);
            work = await store.Find(family, work.CorrelationId, stop);
            if (work is null)
                return Problem.NotFound(family.Name);
        }

        return Results.Json(await store.View(work, stop));
    }

    /// <summary>202 when the work is asked to end, 200 when it has ended already.</summary>
    private static async Task<IResult> Cancel(
        string id, IWorkFamily family, Caller caller, WorkStore store, WorkOperations operations, CancellationToken stop)
    {
        if (await store.Find(family, id, caller, stop) is not { } work)
            return Problem.NotFound(family.Name);
        var before = await operations.Cancel(work.CorrelationId, work.Kind, caller.Name) ?? work.State;
        work = await store.Find(family, work.CorrelationId, stop) ?? work;
        return Results.Json(
            await store.View(work, stop), statusCode: WorkStates.IsOver(before) ? 200 : 202);
    }

    /// <summary>New work that repeats what has finished.</summary>
    private static async Task<IResult> Retry(
        string id, HttpRequest request, IWorkFamily family, Caller caller, WorkStore store, WorkOperations operations,
        CancellationToken stop)
    {
        if (await store.Find(family, id, caller, stop) is not { } work)
            return Problem.NotFound(family.Name);
        return await operations.Retry(
            Request.Of(request, caller), work, row => family.Accepted([row], isList: false), stop);
    }

    private static async Task<IResult> Explain(
        string id, IWorkFamily family, Caller caller, WorkStore store, WorkExplainer explainer, CancellationToken stop) =>
        await store.Find(family, id, caller, stop) is { } work
            ? Results.Json((await explainer.Explain(work, stop)).Of(family.Name))
            : Problem.NotFound(family.Name);

    private static double ReadWait(string? wait) =>
        wait is null ? 0
        : double.TryParse(wait, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= LongestWait
            ? seconds
            : throw new ProblemException(Problem.Invalid("wait", $"This is a number of seconds from 0 to {LongestWait}."));

    private static async Task WaitForEnd(
        JournalFeed feed, WorkRow work, TimeSpan atMost, CancellationToken leaving, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop, leaving);
        enough.CancelAfter(atMost);
        try
        {
            await foreach (var _ in feed.Follow(work.CorrelationId, work.JournalSeq, atMost, enough.Token))
            {
                // the stream ends with the work
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // the caller sees how far it is
        }
    }
}
