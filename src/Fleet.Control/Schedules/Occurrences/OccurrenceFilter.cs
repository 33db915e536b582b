using System.Globalization;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Http.Values;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>Which occurrences are wanted: <c>?outcome=&amp;since=&amp;until=</c>. A handler takes it as a parameter.</summary>
/// <param name="Outcomes">Any of these; empty for all.</param>
/// <param name="Since">The first due time that is wanted.</param>
/// <param name="Until">The first that is not.</param>
internal sealed record OccurrenceFilter(IReadOnlyCollection<string> Outcomes, DateTimeOffset? Since, DateTimeOffset? Until)
    : IQueryParameters
{
    public static IReadOnlyList<string> Names { get; } = ["outcome", "since", "until"];

    public static ValueTask<OccurrenceFilter> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var outcomes = query["outcome"].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
        if (outcomes.Except(Schedules.Occurrences.Outcomes.All).Any())
        {
            throw new ProblemException(Problem.Invalid(
                "outcome", $"Use {string.Join(", ", Schedules.Occurrences.Outcomes.All)}, or several of them with commas."));
        }

        return ValueTask.FromResult(new OccurrenceFilter(outcomes, Time(query["since"], "since"), Time(query["until"], "until")));
    }

    public static string PositionOf(Occurrence row) => row.DueAt.UtcTicks.ToString(CultureInfo.InvariantCulture);

    /// <summary>The due time to go on before.</summary>
    public static DateTimeOffset? Before(Page page) =>
        page.After is null ? null
        : long.TryParse(page.After, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks < DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw Page.WrongCursor();

    private static DateTimeOffset? Time(string? text, string field) =>
        string.IsNullOrEmpty(text) ? null : QueryTime.Read(field, text);
}
