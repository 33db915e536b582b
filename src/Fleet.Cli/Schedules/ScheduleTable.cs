using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Client.Schedules;

namespace Fleet.Cli.Schedules;

/// <summary>How schedules and their due times look in tables.</summary>
internal static class ScheduleTable
{
    public static View<Occurrence> Occurrences { get; } = new(
        one => one.Started?.Id ?? "",
        new Column<Occurrence>("DUE", one => Words.Time(one.DueAt)),
        new Column<Occurrence>("OUTCOME", one => one.Outcome, Tone: one => Words.ToneOf(one.Outcome)),
        new Column<Occurrence>("STARTED", one => one.Started is { } work ? $"{work.Kind} {work.Id}" : null),
        new Column<Occurrence>("STATE", one => one.Started?.State, Tone: one => Words.ToneOf(one.Started?.State ?? "")),
        new Column<Occurrence>("REASON", one => one.Detail ?? one.Reason),
        new Column<Occurrence>("LATE", one => Durations.Words(TimeSpan.FromMilliseconds(one.LatenessMs)), IsWide: true));

    public static View<Schedule> View(TimeProvider clock) => new(
        one => one.ScheduleId,
        new Column<Schedule>("SCHEDULE", one => one.ScheduleId),
        new Column<Schedule>("NAME", one => one.Name),
        new Column<Schedule>("WHEN", one => one.Words),
        new Column<Schedule>("NEXT", one => one.Paused ? "paused" : Next(one, clock)),
        new Column<Schedule>("LAST", one => one.Last?.Outcome, Tone: one => Words.ToneOf(one.Last?.Outcome ?? "")),
        new Column<Schedule>("FAILURES", one => Words.Number(one.Failures)),
        new Column<Schedule>("OVERLAP", one => one.Overlap, IsWide: true),
        new Column<Schedule>("MISSED", one => one.Missed, IsWide: true),
        new Column<Schedule>("STARTS", one => one.Start.ToString(), IsWide: true),
        new Column<Schedule>("CHANGED", one => Words.Time(one.UpdatedAt), IsWide: true),
        new Column<Schedule>("BY", one => one.CreatedBy, IsWide: true));

    private static string? Next(Schedule schedule, TimeProvider clock) =>
        schedule.Next.Count == 0 ? null : $"in {Durations.Words(schedule.Next[0] - clock.GetUtcNow())}";
}
