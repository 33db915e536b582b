using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules;

/// <summary>How a row is set to its next due time.</summary>
internal static class SchedulePlanning
{
    extension(Schedule schedule)
    {
        /// <summary>From now on it goes by these terms; a due time that is over and was not decided about stays.</summary>
        public void Plan(ScheduleTerms terms, DateTimeOffset now)
        {
            if (schedule.Paused)
                schedule.NextDue = null;
            else if (schedule.NextDue is not { } due || due > now)
                schedule.NextDue = terms.Timetable.Next(now);
            schedule.Wake(terms, now);
        }

        /// <summary>When it is looked at next; with something that waits, at once.</summary>
        public void Wake(ScheduleTerms terms, DateTimeOffset now)
        {
            DateTimeOffset? start = schedule.NextDue is { } due ? terms.StartOf(schedule.CorrelationId, due) : null;
            if (terms.Definition.HeldBy is not null)
                start = null; // the agent says when it is due
            schedule.WakeAt = schedule.Paused ? null : start is null && schedule.PendingDue is null ? null : schedule.PendingDue is null || start < now ? start : now;
        }
    }
}
