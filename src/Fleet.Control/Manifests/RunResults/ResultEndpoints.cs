using System.Globalization;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Manifests.RunResults;

/// <summary>Results over HTTP: searched, and one by one.</summary>
internal static class ResultEndpoints
{
    private static readonly string[] Asked = ["agent", "manifest", "execution", "stdout", "stderr", "status", "since"];

    public static void MapResults(this IEndpointRouteBuilder routes)
    {
        var results = routes.MapGroup("/v1/results").WithTags("Results").RequireScope(Scope.JobsRead);
        results.MapGet("/", List).Takes(Asked).Produces<PageOfResults>();
        results.MapGet("/{resultId}", Show).Produces<ResultView>();
    }

    /// <summary>
    /// Newest first. <c>agent manifest execution stdout stderr</c> are patterns in RE2's dialect that look anywhere in the text,
    /// <c>status</c> is <c>success failure running</c>, <c>since</c> the earliest start. Where the time is over before the page is
    /// full, <c>partial</c> is true.
    /// </summary>
    private static async Task<IResult> List(
        HttpRequest request, Page page, Caller caller, ResultSearch search, ResultStore store, CancellationToken stop)
    {
        string? Given(string name) => request.Query[name].FirstOrDefault();
        var query = new ResultQuery(
            caller.MaySeeAll ? null : caller.Tenant, ResultQuery.ReadStatus(Given("status")), ResultQuery.ReadSince(Given("since")))
        {
            Agent = ResultQuery.Read("agent", Given("agent")),
            Manifest = ResultQuery.Read("manifest", Given("manifest")),
            Execution = ResultQuery.Read("execution", Given("execution")),
            Stdout = ResultQuery.Read("stdout", Given("stdout")),
            Stderr = ResultQuery.Read("stderr", Given("stderr")),
        };
        var found = await search.Find(query, PlaceOf(page), page.Limit + 1, stop);
        if (!found.IsWhole && found.Places.Count == 0)
            throw search.TookTooLong();
        var rows = await store.Read(found.Places, stop).ToListAsync(stop);
        var cut = page.Cut(rows, row => $"{row.StartedAt.UtcTicks}-{row.Id:N}", ResultView.Of);
        return Results.Json(new PageOfResults(cut.Items, cut.Next, !found.IsWhole));
    }

    private static async Task<IResult> Show(string resultId, Caller caller, ResultStore store, CancellationToken stop) =>
        WireId.TryParse(resultId, out var id) && await store.Find(id, stop) is { } row && caller.MaySee(row.Tenant)
            ? Results.Json(ResultView.Of(row))
            : Problem.NotFound("result");

    private static ResultPlace? PlaceOf(Page page) => page.After is null ? null
        : page.After.Split('-') is [var ticks, var id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(id, "N", out var place)
            ? new ResultPlace(new DateTimeOffset(at, TimeSpan.Zero), place)
            : throw Page.WrongCursor();
}

/// <param name="Partial">The time for searching was over before the page was full.</param>
internal sealed record PageOfResults(IReadOnlyList<ResultView> Items, string? Next, bool Partial);

/// <summary>A result as clients see it. Its id is that of its job.</summary>
/// <param name="ExitCode">Null while it runs; −1 killed, timed out or lost, 125 deadline missed, 127 too old.</param>
internal sealed record ResultView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid ResultId,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? ExecutionId,
    string Agent,
    string Manifest,
    string Version,
    int? ExitCode,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    string Stdout,
    string Stderr,
    bool StdoutTruncated,
    bool StderrTruncated)
{
    public static ResultView Of(RunResult row) => new(
        row.Id, row.ExecutionId, row.Agent, row.Manifest, row.Version, row.ExitCode, row.StartedAt, row.FinishedAt, row.Stdout,
        row.Stderr, row.StdoutTruncated, row.StderrTruncated);
}
