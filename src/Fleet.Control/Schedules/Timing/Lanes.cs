using Quartz;

namespace Fleet.Control.Schedules.Timing;

/// <summary>
/// Quartz has one trigger for a lane of schedules, not one for each: a trigger costs it some twenty statements each time
/// it fires, most of them under one lock, which a few hundred a second exhaust. A lane's fires every second; what of the
/// lane is due then, the ledger knows.
/// </summary>
internal static class Lanes
{
    /// <summary>The same in all Controls: rows hold the numbers.</summary>
    public const int Count = 2;

    public const string Scheduler = "fleet";
    public const string Group = "due";

    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    public static JobKey Job { get; } = new("due", Group);

    public static IEnumerable<int> All => Enumerable.Range(0, Count);

    public static int Of(Guid schedule) => (int)((uint)schedule.GetHashCode() % Count);

    /// <summary>All due times are on whole seconds.</summary>
    public static DateTimeOffset SecondAfter(DateTimeOffset at) =>
        at.AddTicks(TimeSpan.TicksPerSecond - (at.Ticks % TimeSpan.TicksPerSecond));

    public static string NameOf(int lane) => $"lane-{lane}";

    public static TriggerKey TriggerOf(int lane) => new(NameOf(lane), Group);
}
