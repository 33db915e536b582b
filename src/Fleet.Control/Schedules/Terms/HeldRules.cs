using Fleet.Contracts.Agents;

namespace Fleet.Control.Schedules.Terms;

/// <summary>What a schedule that an agent holds may be: agents know five fields of cron and nothing else.</summary>
internal static class HeldRules
{
    /// <summary>Said of what is many pieces of work at once, on any number of agents.</summary>
    public const string SingleWork =
        "A schedule that an agent holds starts single pieces of work, since the agent says when: leave held_by out, or start a job.";

    private const int Fields = 5;

    /// <param name="refuse">Takes a field and a sentence.</param>
    public static void Check(ScheduleRequest wanted, string agent, Action<string, string> refuse)
    {
        if (!AgentAddress.IsName(agent))
            refuse("held_by", "This is not a name that an agent can have.");
        if (wanted.When?.Cron is not { } cron || cron.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length != Fields)
            refuse("when.cron", $"An agent holds schedules of {Fields} fields, as crontab has them.");
        if (wanted.JitterS != 0)
            refuse("jitter_s", "An agent that holds a schedule knows no jitter.");
        if (wanted.Window is not null)
            refuse("window", "An agent that holds a schedule knows no window.");
        if (wanted.Active is not null)
            refuse("active", "An agent holds a schedule as long as it is there: pause or delete it instead.");
        if (wanted.SkipDates is { Count: > 0 } || wanted.SkipCalendars is { Count: > 0 })
            refuse(wanted.SkipDates is { Count: > 0 } ? "skip_dates" : "skip_calendars", "An agent that holds a schedule skips no days.");
        if (wanted.Overlap is not (Overlap.Allow or Overlap.Skip))
            refuse("overlap", "With a schedule that an agent holds this is allow or skip.");
    }
}
