using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Submissions;

namespace Fleet.Control.Schedules.Terms;

/// <summary>What rows mean, remembered by their revision.</summary>
internal sealed class TermsReader(Submissions submissions)
{
    private const int MostRemembered = 50_000;

    private readonly ConcurrentDictionary<Guid, (int Revision, ScheduleTerms Terms)> _known = [];

    /// <exception cref="InvalidOperationException">The row was written by a version that knew more.</exception>
    public ScheduleTerms Of(Schedule schedule)
    {
        if (_known.TryGetValue(schedule.CorrelationId, out var known) && known.Revision == schedule.Revision)
            return known.Terms;
        var terms = Read(schedule);
        if (_known.Count >= MostRemembered)
            _known.Clear();
        _known[schedule.CorrelationId] = (schedule.Revision, terms);
        return terms;
    }

    public static ScheduleRequest DefinitionOf(Schedule schedule) =>
        JsonSerializer.Deserialize<ScheduleRequest>(schedule.Definition, FleetJson.Options)!;

    private ScheduleTerms Read(Schedule schedule)
    {
        var definition = DefinitionOf(schedule);
        IReadOnlyList<DateOnly> days =
            [.. schedule.CalendarDays.Select(day => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture))];
        var calendars = (definition.SkipCalendars ?? []).OfType<string>().Distinct().ToDictionary(name => name, _ => days);
        var rules = new ScheduleRules(submissions, calendars, isKept: true);
        return rules.Read(definition, schedule.Tenant, schedule.CreatedAt) ?? throw new InvalidOperationException(
            $"The schedule cannot be read: {string.Join(' ', rules.Wrong.Select(wrong => $"{wrong.Key}: {wrong.Value[0]}"))}");
    }
}
