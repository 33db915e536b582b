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
            if (schedule.Paused || (terms.Definition.HeldBy is not null && schedule.PendingDue is null))
            {
                schedule.WakeAt = null; // whoever holds it says when it is due
                return;
            }

            DateTimeOffset? start = schedule.NextDue is { } due ? terms.StartOf(schedule.CorrelationId, due) : null;
            schedule.WakeAt = schedule.PendingDue is null || start < now ? start : now;
        }
    }
}
