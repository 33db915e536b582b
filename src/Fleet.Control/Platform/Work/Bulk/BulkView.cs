using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>Bulk work as clients see it.</summary>
/// <param name="Seen">How much was looked at: the sum of the three that follow.</param>
/// <param name="Total">How many the filter chose at the start; null before they were counted.</param>
/// <param name="TotalIsExact">False when counting took too long: there are at least so many.</param>
internal sealed record BulkView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid BulkId,
    BulkAction Action,
    JsonElement Parameters,
    string Filter,
    BulkState State,
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
    BulkLinksView Links)
{
    public static string PathOf(Guid run) => $"/v1/bulk/{WireId.Format(run)}";

    public static BulkView Of(BulkRun run) => new(
        run.CorrelationId,
        Enum.Parse<BulkAction>(run.Action),
        JsonSerializer.Deserialize<JsonElement>(run.Parameters),
        BulkFilter.Show(run.Filter),
        Enum.Parse<BulkState>(run.State),
        run.Seen,
        run.Done,
        run.Skipped,
        run.Failed,
        run.Total,
        run.TotalIsExact,
        run.Trouble,
        run.CreatedBy,
        run.CreatedAt,
        run.FinishedAt,
        new BulkLinksView(PathOf(run.CorrelationId), PathOf(run.CorrelationId) + "/cancellation"));
}

/// <summary>Paths of it.</summary>
internal sealed record BulkLinksView(string Self, string Cancellation);

/// <summary>What a dry run tells.</summary>
/// <param name="IsExact">False when counting took too long: there are at least so many.</param>
/// <param name="States">The count by state: an action leaves alone what it does not concern.</param>
/// <param name="Sample">The newest of them.</param>
internal sealed record BulkForecastView(
    BulkAction Action,
    string Filter,
    long Count,
    bool IsExact,
    IReadOnlyDictionary<string, long> States,
    IReadOnlyList<object> Sample);
