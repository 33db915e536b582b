using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.When;

namespace Fleet.Control.Schedules.Endpoints;

/// <summary>Shows when something would be due, and stores nothing.</summary>
internal static class PreviewEndpoint
{
    private const int Most = 200;

    public static void MapPreview(this IEndpointRouteBuilder schedules) => schedules.MapPost("/preview", Preview)
        .Accepts<PreviewRequest>("application/json").Produces<PreviewView>();

    private static async Task<IResult> Preview(HttpRequest request, DatabaseClock clock)
    {
        var wanted = await JsonBody.Read<PreviewRequest>(request);
        var from = wanted.From ?? clock.Now;
        if (!UsableTimes.Hold(from))
            throw new ProblemException(Problem.Invalid("from", UsableTimes.Sentence));
        var reader = new WhenReader("when");
        var recurring = wanted.When is null ? null : reader.Read(wanted.When, from);
        if (wanted.When is null)
            throw new ProblemException(Problem.Invalid("when", "This is needed: one of cron, every_s, at, calendar and manual: true."));
        if (wanted.Count is < 1 or > Most)
            reader.Wrong.TryAdd("count", [$"This must be a whole number from 1 to {Most}."]);
        if (recurring is null || reader.Wrong.Count > 0)
            throw new ProblemException(Problem.Invalid(reader.Wrong));
        var table = new Timetable(recurring.Recurrence, recurring.Zone, TimetableBounds.None);
        var times = table.From(from).Take(wanted.Count).ToList();
        if (times.Count == 0 && recurring.Recurrence is WallClock)
            throw new ProblemException(Problem.Invalid("when.cron", "This would never fire: no such time comes within a hundred years."));
        return Results.Json(new PreviewView(times, WhenWords.Of(wanted.When, recurring), [.. DaylightNotes.Of(recurring, from)]));
    }
}

/// <summary>What is to be shown: <c>POST /v1/schedules/preview</c>.</summary>
internal sealed class PreviewRequest
{
    public WhenRequest? When { get; init; }

    /// <summary>How many due times are shown.</summary>
    public int Count { get; init; } = 10;

    /// <summary>The first that may be shown; now, where it is left out.</summary>
    public DateTimeOffset? From { get; init; }
}

/// <param name="Words">When it is due, as a sentence.</param>
/// <param name="Notes">What daylight saving does to it within a year, and what else may surprise.</param>
internal sealed record PreviewView(IReadOnlyList<DateTimeOffset> Times, string Words, IReadOnlyList<string> Notes);
