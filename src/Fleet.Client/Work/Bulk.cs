using System.Text.Json;
using Fleet.Client.Http;

namespace Fleet.Client.Work;

/// <summary>Something that is done to much work at once.</summary>
/// <param name="Action"><c>cancel retry delete reprioritise relabel</c>.</param>
public sealed record BulkDraft(string Action, string? Filter = null, string? View = null, BulkParameters? Parameters = null);

/// <param name="Priority">For <c>reprioritise</c>.</param>
/// <param name="Labels">For <c>relabel</c>; an empty dictionary's value of null removes the label.</param>
public sealed record BulkParameters(int? Priority = null, IReadOnlyDictionary<string, string?>? Labels = null);

/// <summary>What bulk work would do.</summary>
/// <param name="IsExact">False where there are at least so many.</param>
/// <param name="States">The count by state.</param>
/// <param name="Sample">The newest of them.</param>
public sealed record BulkForecast(
    string Action, string Filter, long Count, bool IsExact, IReadOnlyDictionary<string, long> States, IReadOnlyList<Job> Sample);

/// <summary>How far bulk work is.</summary>
/// <param name="State"><c>running finished cancelled failed</c>.</param>
/// <param name="Seen">The sum of the three that follow.</param>
/// <param name="Total">Null before they were counted.</param>
public sealed record BulkRun(
    string BulkId,
    string Action,
    JsonElement Parameters,
    string Filter,
    string State,
    long Seen,
    long Done,
    long Skipped,
    long Failed,
    long? Total,
    bool TotalIsExact,
    string? Trouble,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    IReadOnlyDictionary<string, string>? Links);

/// <summary>Work on many jobs: <c>/v1/jobs/bulk</c> and <c>/v1/bulk</c>.</summary>
public sealed class BulkClient
{
    private readonly FleetHttp _http;

    internal BulkClient(FleetHttp http) => _http = http;

    /// <summary>Counts, and changes nothing.</summary>
    public Task<BulkForecast> Foresee(BulkDraft draft, CancellationToken stop = default) =>
        _http.Post<BulkForecast>("/v1/jobs/bulk", Body(draft, dryRun: true), stop);

    public Task<BulkRun> Begin(BulkDraft draft, CancellationToken stop = default) =>
        _http.Post<BulkRun>("/v1/jobs/bulk", Body(draft, dryRun: false), stop);

    public IAsyncEnumerable<BulkRun> List(CancellationToken stop = default) => _http.All<BulkRun>("/v1/bulk", stop);

    public Task<BulkRun> Show(string bulkId, CancellationToken stop = default) =>
        _http.Get<BulkRun>($"/v1/bulk/{Query.Part(bulkId)}", stop);

    /// <summary>What is done already stays done.</summary>
    public Task<BulkRun> Cancel(string bulkId, CancellationToken stop = default) =>
        _http.Post<BulkRun>($"/v1/bulk/{Query.Part(bulkId)}/cancellation", null, stop);

    private static JsonElement Body(BulkDraft draft, bool dryRun)
    {
        var body = JsonSerializer.SerializeToNode(draft, FleetJson.Requests)!.AsObject();
        if (draft.Parameters?.Labels is { } labels)
            body["parameters"]!["labels"] = JsonSerializer.SerializeToNode(labels); // a null says something here
        body["dry_run"] = dryRun;
        return JsonSerializer.SerializeToElement(body);
    }
}
