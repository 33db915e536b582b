using System.Runtime.CompilerServices;
using Fleet.Control.Manifests.RunResults;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Npgsql;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>Results: searched, one by one, and while they come.</summary>
internal static class KanadeResults
{
    public static void MapKanadeResults(this IEndpointRouteBuilder api)
    {
        api.MapGet("/results", List).SayingWhy(Scope.JobsRead).Produces<IReadOnlyList<KanadeResult>>();
        api.MapGet("/results/{resultId}", Show).SayingLittle(Scope.JobsRead).Produces<KanadeResult>();
        api.MapGet("/results/{resultId}/tail", Tail).SayingLittle(Scope.JobsRead).Produces<KanadeTail>();
    }

    private static async Task<IResult> List(
        HttpRequest request, Caller caller, ResultSearch search, ResultStore store, CancellationToken stop)
    {
        var limit = KanadeQuery.Number(request, "limit", 50);
        var query = new ResultQuery(
            caller.MaySeeAll ? null : caller.Tenant,
            KanadeQuery.Text(request, "status") is not { } status ? null
                : ResultQuery.Statuses.Contains(status) ? status
                : throw KanadeQuery.Wrong($"unknown status `{status}`: expected one of success, failure, running"),
            SinceOf(request))
        {
            WriteId = id => id.ToString(),
            Agent = ResultQuery.Read("pc_id", KanadeQuery.Text(request, "pc_id")),
            Manifest = ResultQuery.Read("job_id", KanadeQuery.Text(request, "job_id")),
            Execution = ResultQuery.Read("exec_id", KanadeQuery.Text(request, "exec_id")),
            Stdout = ResultQuery.Read("stdout", KanadeQuery.Text(request, "stdout")),
            Stderr = ResultQuery.Read("stderr", KanadeQuery.Text(request, "stderr")),
        };
        var found = await search.Find(query, null, limit, stop);
        if (!found.IsWhole)
            throw search.TookTooLong();
        return Results.Json(Rows(store, found.Places, stop));
    }

    private static async IAsyncEnumerable<KanadeResult> Rows(
        ResultStore store, IReadOnlyList<ResultPlace> places, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var row in store.Read(places, stop))
            yield return KanadeResult.Of(row);
    }

    public static DateTimeOffset? SinceOf(HttpRequest request)
    {
        try
        {
            return ResultQuery.ReadSince(KanadeQuery.Text(request, "since"));
        }
        catch (ProblemException wrong)
        {
            throw KanadeQuery.Wrong($"Failed to deserialize query string: {wrong.Problem.Detail}");
        }
    }

    private static async Task<IResult> Show(string resultId, Caller caller, ResultStore store, CancellationToken stop) =>
        await Find(resultId, caller, store, stop) is { } row ? Results.Json(KanadeResult.Of(row)) : Problem.NotFound("result");

    /// <summary>
    /// What is over comes from its result. What runs has its output in the journal as soon as its agent said it, so the agent is
    /// asked whether it is there; of one that is silent nobody can say what it would say by now.
    /// </summary>
    private static async Task<IResult> Tail(
        string resultId, Caller caller, ResultStore store, IAgentDirectory agents, KanadeReach reach, NpgsqlDataSource database,
        ManifestSettings settings, CancellationToken stop)
    {
        if (await Find(resultId, caller, store, stop) is not { } row)
            return Problem.NotFound("result");
        if (row.FinishedAt is not null)
        {
            return Results.Json(new KanadeTail(
                false, false, row.Stdout, row.Stderr, row.StdoutTruncated, row.StderrTruncated, row.ExitCode));
        }

        var agent = (await agents.Standing(stop)).FirstOrDefault(one => one.Name == row.Agent);
        if (agent is null || !await reach.IsThere(agent, TimeSpan.FromSeconds(settings.TailSeconds), stop))
            return Results.Json(new KanadeTail(true, false, "", "", false, false, null));
        var stdout = await OutputTail.Read(database, row.Id, "stdout", settings.OutputBytes, stop);
        var stderr = await OutputTail.Read(database, row.Id, "stderr", settings.OutputBytes, stop);
        return Results.Json(new KanadeTail(true, true, stdout.Text, stderr.Text, stdout.IsTruncated, stderr.IsTruncated, null));
    }

    private static async Task<RunResult?> Find(string id, Caller caller, ResultStore store, CancellationToken stop) =>
        Guid.TryParse(id, out var known) && await store.Find(known, stop) is { } row && caller.MaySee(row.Tenant) ? row : null;
}

/// <summary>A result, as this wire shows it. What is not known is null, the outputs never are.</summary>
internal sealed record KanadeResult(
    string ResultId, string RequestId, string? ExecId, string PcId, int? ExitCode, string Stdout, string Stderr,
    DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? JobId, string? Version)
{
    public static KanadeResult Of(RunResult row) => new(
        row.Id.ToString(), (row.ExecutionId ?? row.Id).ToString(), row.ExecutionId?.ToString(), row.Agent, row.ExitCode, row.Stdout,
        row.Stderr, row.StartedAt, row.FinishedAt, row.Manifest == KanadeRun.AdHoc ? null : row.Manifest,
        row.Manifest == KanadeRun.AdHoc ? null : row.Version);
}

internal sealed record KanadeTail(
    bool Running, bool Live, string Stdout, string Stderr, bool StdoutTruncated, bool StderrTruncated, int? ExitCode);
