using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Platform.Work.Views;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>One action on much work of one family: count it, begin, watch, cancel.</summary>
internal static class BulkEndpoints
{
    private const int Sample = 10;

    /// <summary>What is asked for of one family's work.</summary>
    public static void MapBulk(this IEndpointRouteBuilder routes, IWorkFamily family) =>
        routes.MapPost($"{family.Path}/bulk", Begin).AuditedAs("bulk.begin").WithTags(family.Tag)
            .WithMetadata(new FamilyMetadata(family)).RequireScope(family.Scopes.Update)
            .Accepts<BulkRequest>("application/json").Produces<BulkView>(202).Produces<BulkForecastView>();

    /// <summary>The family's work that waits for one agent, all at once.</summary>
    public static void MapPurge(this IEndpointRouteBuilder routes, IWorkFamily family) =>
        routes.MapDelete("/v1/agents/{name}/pending", Purge).AuditedAs("bulk.purge").WithTags(family.Tag)
            .WithMetadata(new FamilyMetadata(family)).RequireScope(family.Scopes.Update).Produces<BulkView>(202);

    /// <summary>How far all of it is. Each run asks for the scopes of the family that it is about.</summary>
    public static void MapBulkRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/v1/bulk").WithTags("Bulk");
        runs.MapGet("/", List).Produces<PageOf<BulkView>>();
        runs.MapGet("/{bulkId}", Show).Produces<BulkView>();
        runs.MapPost("/{bulkId}/cancellation", Cancel).AuditedAs("bulk.cancel").Produces<BulkView>(202);
    }

    /// <summary>With <c>dry_run</c>, 200 with what it would be about, and nothing changes.</summary>
    private static async Task<IResult> Begin(
        HttpRequest request, Caller caller, FilterResolver filters, WorkSearch search, WorkVocabulary vocabulary, WorkStore store,
        IWorkFamily family, IdempotentWork once,
        BulkSignal signal, DatabaseClock clock, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<BulkRequest>(body.Span);
        if (BulkRules.Check(wanted, family.Name) is { Count: > 0 } wrong)
            return Problem.Invalid(wrong);
        if (wanted.Action == BulkAction.Retry && !caller.May(family.Scopes.Create))
        {
            return Problem.Forbidden(
                $"To submit {family.Name}s again, a key needs the scope {string.Join(' ', ScopeNames.Of(family.Scopes.Create))} too.");
        }

        if (wanted.DryRun && !caller.May(family.Scopes.Read))
            return ScopeNames.Lacking(family.Scopes.Read); // it answers what a list would

        var filter = BulkFilter.Write(await filters.Find(wanted.View, caller, stop), wanted.Filter);
        var choice = WorkChoice.Of(BulkFilter.Read(filter, vocabulary), family, caller, clock.Now);
        if (wanted.DryRun)
            return await Foresee(wanted.Action, filter, choice, family, search, store, stop);
        await search.Check(choice, stop);
        return await Start(Request.Of(request, caller, body.Memory), wanted, filter, family, once, signal);
    }

    /// <summary>All work of the family that waits for one agent is cancelled.</summary>
    private static async Task<IResult> Purge(
        string name, HttpRequest request, IWorkFamily family, Caller caller, IdempotentWork once, BulkSignal signal) =>
        AgentAddress.IsName(name)
            ? await Start(
                Request.Of(request, caller), new BulkRequest { Action = BulkAction.Cancel }, $"pending:\"{name}\"", family, once, signal)
            : Problem.NotFound("agent");

    private static async Task<IResult> Start(
        Request by, BulkRequest wanted, string filter, IWorkFamily family, IdempotentWork once, BulkSignal signal)
    {
        var run = WireId.New();
        var answer = await once.Run(by, [RowRef.New<BulkRun>(run)], unit =>
        {
            var row = New(run, wanted, filter, family, by.Caller, unit.Now);
            unit.Add(row);
            return Task.FromResult(new Answer(
                202, JsonSerializer.Serialize(BulkView.Of(row), FleetJson.Options), BulkView.PathOf(run)));
        });
        signal.Set();
        return answer;
    }

    private static BulkRun New(
        Guid id, BulkRequest wanted, string filter, IWorkFamily family, Caller caller, DateTimeOffset now) => new()
        {
            CorrelationId = id,
            Tenant = caller.Tenant,
            OfEveryTenant = caller.MaySeeAll && !family.IsPrivate,
            Owner = family.IsPrivate ? caller.KeyId : null,
            Family = family.Name,
            Filter = filter,
            Action = wanted.Action.ToString(),
            Parameters = JsonSerializer.Serialize(wanted.Parameters, FleetJson.Options),
            CreatedBy = caller.Name,
            CreatedAt = now,
        };

    private static async Task<IResult> Foresee(
        BulkAction action, string filter, WorkChoice choice, IWorkFamily family, WorkSearch search, WorkStore store,
        CancellationToken stop)
    {
        var count = await search.Count(choice, stop);
        var sample = await store.List(family, count.Newest, stop);
        return Results.Json(
            new BulkForecastView(
                action,
                BulkFilter.Show(filter),
                count.Count,
                count.IsExact,
                count.States.GroupBy(state => family.WordOf(state.Key), state => state.Value)
                    .ToDictionary(same => same.Key, same => same.Sum()),
                sample));
    }

    /// <summary>Those of the families that the caller may read.</summary>
    private static async Task<IResult> List(Page page, Caller caller, WorkKinds kinds, BulkStore runs, CancellationToken stop)
    {
        var read = kinds.Families.Where(family => caller.May(family.Scopes.Read)).Select(family => family.Name).ToArray();
        if (read.Length == 0)
            return Problem.Forbidden("The key may read no work.");
        return Results.Json(page.Cut(await runs.List(read, page, caller, stop), run => run.CorrelationId, BulkView.Of));
    }

    private static async Task<IResult> Show(
        string bulkId, Caller caller, WorkKinds kinds, BulkStore runs, CancellationToken stop) =>
        Results.Json(BulkView.Of(await Find(bulkId, caller, scopes => scopes.Read, kinds, runs, stop)));

    /// <summary>202 when it is stopped by this, 200 when it was over already. What it did stays done.</summary>
    private static async Task<IResult> Cancel(
        string bulkId, Caller caller, WorkKinds kinds, BulkStore runs, GroupCommit commits, CancellationToken stop)
    {
        var run = await Find(bulkId, caller, scopes => scopes.Update, kinds, runs, stop);
        var stopped = false;
        await commits.Run([RowRef.Of<BulkRun>(run.CorrelationId)], async unit =>
        {
            stopped = false;
            if (await unit.Find<BulkRun>(run.CorrelationId) is not { IsRunning: true } row)
                return;
            stopped = true;
            row.State = nameof(BulkState.Cancelled);
            row.FinishedAt = unit.Now;
            unit.Change(row);
        }, stop: stop);
        run = await runs.Find(bulkId, caller, stop) ?? run;
        return Results.Json(BulkView.Of(run), statusCode: stopped ? 202 : 200);
    }

    /// <exception cref="ProblemException">There is none for this caller, or not for this purpose.</exception>
    private static async Task<BulkRun> Find(
        string bulkId, Caller caller, Func<WorkScopes, Scope> needed, WorkKinds kinds, BulkStore runs, CancellationToken stop)
    {
        if (await runs.Find(bulkId, caller, stop) is not { } run || kinds.FindFamily(run.Family) is not { } family)
            throw new ProblemException(Problem.NotFound("bulk work"));
        var scope = needed(family.Scopes);
        return caller.May(scope) ? run : throw new ProblemException(ScopeNames.Lacking(scope));
    }
}
