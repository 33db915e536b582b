using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Idempotency;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Experiments.Runs;

/// <summary>Runs over HTTP: what is known and said of them. They are jobs, and submitted, cancelled and watched as such.</summary>
internal static class RunEndpoints
{
    private const int MostCompared = 10;

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/v1").WithTags("Experiments").RequireScope(Scope.JobsRead);
        read.MapGet("/jobs/{id}/experiment", Show).Produces<RunView>();
        read.MapGet("/jobs/{id}/notes", Notes).Produces<PageOf<RunNote>>();
        read.MapGet("/jobs/{id}/validation", Validate).Produces<ValidationView>();
        read.MapGet("/jobs/{id}/export", Export);
        read.MapGet("/experiments/compare", Compare).Takes("run").Produces<ComparisonView>();
        read.MapGet("/experiments/{commit}/validation", ValidateCommit).Produces<ValidationView>();
        read.MapPost("/experiments/find", Find).AuditedAs("experiment.find")
            .Accepts<RunQuery>("application/json").Produces<FoundRuns>();
        var changed = routes.MapGroup("/v1").WithTags("Experiments").RequireScope(Scope.JobsUpdate);
        changed.MapPatch("/jobs/{id}/narrative", Narrate).AuditedAs("job.narrate")
            .Accepts<NarrativePatch>("application/json").Produces<RunView>();
        changed.MapPost("/jobs/{id}/notes", Annotate).AuditedAs("job.annotate")
            .Accepts<NoteBody>("application/json").Produces<RunNote>(201);
        changed.MapPut("/jobs/{id}/outcome", Conclude).AuditedAs("job.conclude")
            .Accepts<OutcomeRequest>("application/json").Produces<RunView>();
        changed.MapPost("/experiments/prune", Prune).AuditedAs("experiment.prune").RequireScope(Scope.JobsCreate)
            .Accepts<PruneBody>("application/json").Produces<PruneView>();
    }

    private static async Task<IResult> Show(string id, Caller caller, RunReader runs, CancellationToken stop) =>
        await runs.Find(id, caller, stop) is { } run ? Results.Json(run) : NoRun();

    private static async Task<IResult> Notes(string id, Caller caller, RunReader runs, CancellationToken stop) =>
        await runs.Find(id, caller, stop) is { } run ? Results.Json(new PageOf<RunNote>(run.Notes, null)) : NoRun();

    private static async Task<IResult> Validate(
        string id, Caller caller, RunReader runs, Validation validation, CancellationToken stop) =>
        await runs.Find(id, caller, stop) is { } run ? Results.Json(await validation.OfRun(run, caller, stop)) : NoRun();

    private static async Task<IResult> ValidateCommit(string commit, Caller caller, Validation validation, CancellationToken stop) =>
        CommitId.TryRead(commit, out var id) && await validation.OfCommit(id, caller, stop) is { } found
            ? Results.Json(found)
            : Problem.NotFound("experiment");

    private static async Task<IResult> Export(
        string id, string? anonymize, HttpContext context, Caller caller, RunReader runs, RunExport export, CancellationToken stop)
    {
        var isAnonymous = FlagParameter.Read("anonymize", anonymize);
        if (await runs.Find(id, caller, stop) is not { } run)
            return NoRun();
        await export.Write(context, run, isAnonymous, caller, stop);
        return Results.Empty;
    }

    private static async Task<IResult> Compare(
        HttpRequest request, Caller caller, RunReader runs, RunComparison comparison, CancellationToken stop)
    {
        var called = request.Query["run"].SelectMany(one => (one ?? "").Split(',')).ToList();
        if (called.Count is < 2 or > MostCompared)
            return Problem.Invalid("run", $"Name 2 to {MostCompared} runs: ?run=…&run=….");
        var found = new List<RunView>();
        foreach (var one in called)
        {
            if (await runs.Find(one, caller, stop) is not { } run)
                return NoRun();
            found.Add(run);
        }

        return Results.Json(await comparison.Compare(found, caller, stop));
    }

    private static async Task<IResult> Find(HttpRequest request, Caller caller, RunSearch search, CancellationToken stop) =>
        Results.Json(await search.Find(await JsonBody.Read<RunQuery>(request), caller, stop));

    private static async Task<IResult> Narrate(
        string id, HttpRequest request, Caller caller, RunLookup lookup, RunStore store, RunReader runs, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var patch = NarrativePatch.Check(body.Span, isStrict: true);
        return await lookup.FindRun(id, caller, stop) is { } job && await store.Narrate(job.CorrelationId, patch, stop)
            ? Results.Json(await runs.Read(job, stop))
            : NoRun();
    }

    private static async Task<IResult> Annotate(
        string id, HttpRequest request, Caller caller, IdempotentChange once, RunLookup lookup, RunOperations operations,
        CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<NoteBody>(body.Span);
        wanted.Check();
        if (await lookup.FindRun(id, caller, stop) is not { } job)
            return NoRun();
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var note = operations.Note(wanted.Note, wanted.Author, caller);
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            return await RunStore.Annotate(connection, job.CorrelationId, note, stop)
                ? new Answer(StatusCodes.Status201Created, Answer.Write(note))
                : throw new ProblemException(NoRun());
        }, stop);
    }

    private static async Task<IResult> Conclude(
        string id, HttpRequest request, Caller caller, RunLookup lookup, RunOperations operations, RunReader runs, CancellationToken stop)
    {
        var wanted = await JsonBody.Read<OutcomeRequest>(request);
        wanted.Check();
        return await lookup.FindRun(id, caller, stop) is { } job && await operations.Conclude(job.CorrelationId, wanted, caller, stop)
            ? Results.Json(await runs.Read(job, stop))
            : NoRun();
    }

    private static async Task<IResult> Prune(HttpRequest request, Caller caller, RunOperations operations, CancellationToken stop)
    {
        var wanted = await JsonBody.Read<PruneBody>(request);
        wanted.Check();
        return Results.Json(new PruneView(await operations.Prune(wanted, caller, stop), wanted.DryRun));
    }

    private static ProblemResult NoRun() => Problem.NotFound("run");

    private sealed record PruneView(int Pruned, bool DryRun);
}
