using System.Globalization;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Experiments.Metrics;

/// <summary>Metrics of runs over HTTP; and those that belong to no run, but to the key that said them.</summary>
internal static class MetricEndpoints
{
    private const int UsualPoints = 1000;
    private const int MostPoints = 100_000;
    private const int LeastPoints = 4;

    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        var metrics = routes.MapGroup("/v1").WithTags("Experiments").RequireScope(Scope.JobsRead);
        metrics.MapGet("/jobs/{id}/metrics", List).Produces<PageOf<SeriesView>>();
        metrics.MapGet("/jobs/{id}/metrics/{**name}", Read).Produces<SeriesPointsView>();
        metrics.MapPost("/jobs/{id}/metrics", Add).AuditedAs("job.measure").RequireScope(Scope.JobsUpdate)
            .Accepts<MetricsRequest>("application/json").Produces(204);
        metrics.MapGet("/experiments/metrics", ListOwn).Produces<PageOf<SeriesView>>();
        metrics.MapGet("/experiments/metrics/{**name}", ReadOwn).Produces<SeriesPointsView>();
    }

    private static async Task<IResult> Add(
        string id, HttpRequest request, Caller caller, RunLookup runs, MetricStore store, DatabaseClock clock, CancellationToken stop)
    {
        var wanted = await JsonBody.Read<MetricsRequest>(request);
        wanted.Check();
        if (await runs.FindRun(id, caller, stop) is not { } run)
            return Problem.NotFound("run");
        await store.Add(run.CorrelationId, wanted.Read(clock.Now), stop);
        return Results.NoContent();
    }

    private static async Task<IResult> List(string id, Caller caller, RunLookup runs, SeriesReader reader, CancellationToken stop) =>
        await runs.FindRun(id, caller, stop) is { } run
            ? Results.Json(new PageOf<SeriesView>(await reader.List(run.CorrelationId, stop), null))
            : Problem.NotFound("run");

    private static async Task<IResult> Read(
        string id, string? name, string? points, Caller caller, RunLookup runs, SeriesReader reader, CancellationToken stop)
    {
        var most = ReadPoints(points);
        return await runs.FindRun(id, caller, stop) is { } run
            ? await Series(run.CorrelationId, name, most, reader, stop)
            : Problem.NotFound("run");
    }

    private static async Task<IResult> ListOwn(Caller caller, SeriesReader reader, CancellationToken stop) =>
        Results.Json(new PageOf<SeriesView>(await reader.List(caller.KeyId, stop), null));

    private static Task<IResult> ReadOwn(string? name, string? points, Caller caller, SeriesReader reader, CancellationToken stop) =>
        Series(caller.KeyId, name, ReadPoints(points), reader, stop);

    private static async Task<IResult> Series(Guid run, string? name, int most, SeriesReader reader, CancellationToken stop) =>
        MetricPointRequest.IsName(name ?? "") && await reader.Read(run, name!, most, stop) is { } series
            ? Results.Json(series)
            : Problem.NotFound("metric");

    private static int ReadPoints(string? text) =>
        text is null ? UsualPoints
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            && most is >= LeastPoints and <= MostPoints ? most
        : throw new ProblemException(Problem.Invalid("points", $"This is a whole number from {LeastPoints} to {MostPoints}."));
}
