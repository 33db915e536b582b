using Fleet.Control.Schedules.When;

namespace Fleet.Control.Schedules.Terms;

/// <summary>A schedule's definition, read once: when it is due, and what is to be done then.</summary>
/// <param name="Kind">Name of the submission that it starts.</param>
/// <param name="Body">What the submission's own route takes.</param>
/// <param name="WorkKinds">Kinds of work that this is, as freezes name them.</param>
internal sealed record ScheduleTerms(
    ScheduleRequest Definition,
    Timetable Timetable,
    Recurring Recurring,
    string Kind,
    string Body,
    IReadOnlyCollection<string> WorkKinds)
{
    public Overlap Overlap => Definition.Overlap;

    public Missed Missed => Definition.Missed;

    public TimeSpan CatchUp => TimeSpan.FromSeconds(Definition.CatchUpS);

    public TimeSpan? StartingDeadline => Definition.StartingDeadlineS is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    public RetryRequest Retry => Definition.Retry ?? NoRetry;

    private static RetryRequest NoRetry { get; } = new(Max: 0);

    /// <summary>When an occurrence is to start: its due time, and its own part of the jitter.</summary>
    public DateTimeOffset StartOf(Guid schedule, DateTimeOffset due) => due + Jitter.Of(schedule, due, Definition.JitterS);
}
