using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;
using Fleet.Control.Schedules.When;

namespace Fleet.Control.Schedules.Backfills;

/// <summary>Which due times are made up for: <c>POST /v1/schedules/{id}/backfill</c>.</summary>
internal sealed class BackfillRequest
{
    private const int MostAtOnce = 1000;

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>How many starts may be under way at once.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>Nothing starts; the answer says what would.</summary>
    public bool DryRun { get; init; }

    /// <exception cref="ProblemException">A field is wrong.</exception>
    public void Check(DateTimeOffset now)
    {
        var wrong = new Dictionary<string, string[]>();
        if (From is null)
            wrong["from"] = ["This is needed: the first due time to make up for."];
        else if (!UsableTimes.Hold(From.Value))
            wrong["from"] = [UsableTimes.Sentence];
        if (Until is null)
            wrong["until"] = ["This is needed: the end of the range, which is not part of it."];
        else if (!UsableTimes.Hold(Until.Value))
            wrong["until"] = [UsableTimes.Sentence];
        else if (Until > now)
            wrong["until"] = ["This must not lie in the future: what is due then starts by itself."];
        else if (From >= Until)
            wrong["until"] = ["This must be later than from."];
        if (Concurrency is < 1 or > MostAtOnce)
            wrong["concurrency"] = [$"This must be a whole number from 1 to {MostAtOnce}."];
        if (wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(wrong));
    }
}

/// <summary>What a backfill would do.</summary>
/// <param name="Count">Due times in the range.</param>
/// <param name="Started">Those of them at which something had started already, and that are left alone.</param>
/// <param name="Times">The first of those that would start.</param>
internal sealed record BackfillForecast(bool DryRun, int Count, int Started, IReadOnlyList<DateTimeOffset> Times);

/// <summary>A backfill as clients see it.</summary>
/// <param name="State"><c>running</c>, <c>done</c> when everything has started, or <c>cancelled</c>.</param>
internal sealed record BackfillView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid BackfillId,
    string State,
    DateTimeOffset From,
    DateTimeOffset Until,
    int Concurrency,
    int Total,
    int Started,
    int Skipped,
    int Failed,
    DateTimeOffset? Reached,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    string CreatedBy)
{
    public static BackfillView Of(Backfill row) => new(
        row.CorrelationId, row.State, row.From, row.Until, row.Concurrency, row.Total, row.Started, row.Skipped, row.Failed, row.Reached,
        row.CreatedAt, row.FinishedAt, row.CreatedBy);
}
