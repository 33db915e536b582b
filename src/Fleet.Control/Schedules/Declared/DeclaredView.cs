using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;
using Fleet.Control.Schedules.When;

namespace Fleet.Control.Schedules.Declared;

/// <summary>A schedule of another slice, shown as all are.</summary>
internal static class DeclaredView
{
    public static ScheduleView Of(DeclaredSchedule row, OccurrenceView? last, int failures) => new(
        row.Id,
        row.Name,
        new WhenRequest { Rule = row.Rule, TimeZone = row.TimeZone },
        row.Start,
        row.IsExclusive ? Overlap.Skip : Overlap.Allow,
        Missed.Once,
        row.CatchUpS,
        row.JitterS,
        row.StartingDeadlineS,
        row.From is null && row.Until is null ? null : new ActiveRequest(row.From, row.Until),
        row.Window,
        row.SkipDates,
        [],
        null,
        null,
        row.Paused,
        row.Words,
        row.Next,
        last,
        null,
        failures,
        null,
        null,
        row.Revision,
        row.CreatedAt,
        row.UpdatedAt,
        row.CreatedBy,
        ScheduleLinksView.Of(row.Id));
}
