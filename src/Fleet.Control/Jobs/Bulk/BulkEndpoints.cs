using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Jobs.Search;
using Fleet.Control.Jobs.Views;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Jobs.Bulk;

/// <summary>One action on many jobs: count them, begin, watch, cancel.</summary>
internal static class BulkEndpoints
{
    private const int Sample = 10;

    public static void MapBulk(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/jobs/bulk", Begin).AuditedAs("bulk.begin").WithTags("Jobs").RequireScope(Scope.JobsUpdate)
            .Accepts<BulkRequest>("application/json").Produces<BulkView>(202).Produces<BulkForecastView>();
        routes.MapDelete("/v1/agents/{name}/pending", Purge).AuditedAs("bulk.purge").WithTags("Jobs").RequireScope(Scope.JobsUpdate)
            .Produces<BulkView>(202);
        var runs = routes.MapGroup("/v1/bulk").WithTags("Jobs").RequireScope(Scope.JobsRead);
        runs.MapGet("/", List).Produces<PageOf<BulkView>>();
        runs.MapGet("/{bulkId}", Show).Produces<BulkView>();
        runs.MapPost("/{bulkId}/cancellation", Cancel).AuditedAs("bulk.cancel").RequireScope(Scope.JobsUpdate).Produces<BulkView>(202);
    }

    /// <summary>With <c>dry_run</c>, 200 with what it would be about, and nothing changes.</summary>
    private static async Task<IResult> Begin(
        HttpRequest request, Caller caller, JobFilters filters, JobSearch search, JobShelf shelf, IdempotentWork once,
        BulkSignal signal, DatabaseClock clock, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<BulkRequest>(body.Span);
        if (BulkRules.Check(wanted) is { Count: > 0 } wrong)
            return Problem.Invalid(wrong);
        if (wanted.Action == BulkAction.Retry && !caller.May(Scope.JobsCreate))
            return Problem.Forbidden("To submit jobs again, a key needs the scope jobs:create too.");
        var filter = await filters.Join(wanted.Filter, wanted.View, caller, stop);
        var choice = JobChoice.Of(JobFilter.ReadStored(filter), caller, clock.Now);
        if (wanted.DryRun)
            return await Foresee(wanted.Action, filter, choice, search, shelf, stop);
        await search.Check(choice, stop);
        return await Start(request, caller, body.Memory, wanted, filter, once, signal);
    }

    /// <summary>Everything that waits for one agent is cancelled.</summary>
    private static async Task<IResult> Purge(
        string name, HttpRequest request, Caller caller, IdempotentWork once, BulkSignal signal) =>
        AgentAddress.IsName(name)
            ? await Start(
                request, caller, default, new BulkRequest { Action = BulkAction.Cancel }, $"pending:\"{name}\"", once, signal)
            : Problem.NotFound("agent");

    private static async Task<IResult> Start(
        HttpRequest request, Caller caller, ReadOnlyMemory<byte> body, BulkRequest wanted, string filter,
        IdempotentWork once, BulkSignal signal)
    {
        var run = WireId.New();
        var answer = await once.Run(request, caller, body, [Touch.New<BulkRun>(run)], unit =>
        {
            var row = New(run, wanted, filter, caller, unit.Now);
            unit.Add(row);
            return Task.FromResult(new Answer(
                202, JsonSerializer.Serialize(BulkView.Of(row), FleetJson.Options), BulkView.PathOf(run)));
        });
        signal.Set();
        return answer;
    }

    private static BulkRun New(Guid id, BulkRequest wanted, string filter, Caller caller, DateTimeOffset now) => new()
    {
        CorrelationId = id,
        Tenant = caller.Tenant,
        OfEveryTenant = caller.MaySeeAll,
        Filter = filter,
        Action = wanted.Action.ToString(),
        Parameters = JsonSerializer.Serialize(wanted.Parameters, FleetJson.Options),
        CreatedBy = caller.Name,
        CreatedAt = now,
    };

    private static async Task<IResult> Foresee(
        BulkAction action, string filter, JobChoice choice, JobSearch search, JobShelf shelf, CancellationToken stop)
    {
        var count = await search.Count(choice, stop);
        var sample = await shelf.List(count.Newest, stop);
        return Results.Json(
            new BulkForecastView(
                action,
                filter,
                count.Count,
                count.IsExact,
                count.States.ToDictionary(state => JobWords.OfState(state.Key)!, state => state.Value),
                sample),
            FleetJson.Options);
    }

    private static async Task<PageOf<BulkView>> List(Page page, Caller caller, BulkShelf shelf, CancellationToken stop) =>
        page.Cut(await shelf.List(page, caller, stop), run => run.CorrelationId, BulkView.Of);

    private static async Task<IResult> Show(string bulkId, Caller caller, BulkShelf shelf, CancellationToken stop) =>
        await shelf.Find(bulkId, caller, stop) is { } run
            ? Results.Json(BulkView.Of(run), FleetJson.Options)
            : Problem.NotFound("bulk work");

    /// <summary>202 when it is stopped by this, 200 when it was over already. What it did stays done.</summary>
    private static async Task<IResult> Cancel(
        string bulkId, Caller caller, BulkShelf shelf, GroupCommit commits, CancellationToken stop)
    {
        if (await shelf.Find(bulkId, caller, stop) is not { } run)
            return Problem.NotFound("bulk work");
        var stopped = false;
        await commits.Run([Touch.Of<BulkRun>(run.CorrelationId)], async unit =>
        {
            stopped = false;
            if (await unit.Find<BulkRun>(run.CorrelationId) is not { IsRunning: true } row)
                return;
            stopped = true;
            row.State = nameof(BulkState.Cancelled);
            row.FinishedAt = unit.Now;
            unit.Change(row);
        });
        run = await shelf.Find(bulkId, caller, stop) ?? run;
        return Results.Json(BulkView.Of(run), FleetJson.Options, statusCode: stopped ? 202 : 200);
    }
}
