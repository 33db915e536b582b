using Fleet.Control.Platform.Http;
using Fleet.Control.Schedules.When;

namespace Fleet.Control.Schedules.Terms;

/// <summary>Refuses due times that are none: a schedule that never fires, or whose jitter would mix them up.</summary>
internal static class DueRules
{
    private const int Looked = 100;

    /// <param name="from">Something has to be due after it.</param>
    /// <param name="mayBeOver">Whether it is right too that nothing is.</param>
    /// <exception cref="ProblemException">Nothing will be due any more, or it cannot be kept apart.</exception>
    public static void Check(ScheduleTerms terms, DateTimeOffset from, bool mayBeOver = false)
    {
        if (terms.Timetable.Recurrence is Never)
            return;
        var times = terms.Timetable.From(from.AddTicks(1)).Take(terms.Definition.JitterS > 0 ? Looked : 1).ToList();
        if (times.Count == 0 && !mayBeOver)
            throw new ProblemException(Problem.Invalid(FieldOf(terms), SentenceOf(terms, from)));
        if (terms.Definition.JitterS == 0 || times.Count < 2)
            return;
        var shortest = times.Zip(times.Skip(1), (one, next) => (next - one).TotalSeconds).Min();
        if (terms.Definition.JitterS >= shortest)
        {
            throw new ProblemException(Problem.Invalid(
                "jitter_s", $"This must be less than the {shortest:0} seconds between two due times, or they would overtake each other."));
        }
    }

    private static string FieldOf(ScheduleTerms terms) => terms.Definition.When switch
    {
        { Cron: not null } => "when.cron",
        { Calendar: not null } => "when.calendar",
        { At: not null } => "when.at",
        _ => "when",
    };

    private static string SentenceOf(ScheduleTerms terms, DateTimeOffset from) =>
        terms.Recurring.Recurrence.Next(from) is not null
            ? "This would never fire: all of its times lie outside of active, of window, or on days that are skipped."
            : terms.Timetable.Recurrence is Once
                ? "This time is over: the schedule would never fire."
                : "This would never fire: no such time comes within a hundred years.";
}
