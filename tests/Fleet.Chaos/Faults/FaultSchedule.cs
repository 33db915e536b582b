using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>One entry of the schedule.</summary>
/// <param name="Target">Whom it befalls; null means all, or nobody.</param>
/// <param name="Pause">Between the recovery and the next fault.</param>
/// <param name="Companion">A process that is killed in the middle of it; null means none.</param>
internal sealed record PlannedFault(
    int Number, string Name, string? Target, TimeSpan Hold, TimeSpan Pause, string? Companion)
{
    public override string ToString() =>
        $"{Number,3}. {Name,-16} {Target ?? "",-10} {Hold.TotalSeconds,5:0.0} s"
        + (Companion is null ? "" : $", and {Companion} is killed meanwhile");
}

/// <summary>
/// What happens in which order, from the seed alone. Every kind comes once before one comes again; how far a run gets
/// depends on how fast the fleet recovers.
/// </summary>
internal static class FaultSchedule
{
    private const double CompanionShare = 0.3;

    /// <summary>A fault takes at least this long with all that belongs to it, in seconds.</summary>
    private const double LeastSeconds = 6;

    public static IReadOnlyList<PlannedFault> Make(ChaosOptions options, ProcessNames processes)
    {
        var random = new Random(options.Seed);
        var kinds = FaultKinds.All.Where(kind => options.Faults.Contains(kind.Name)).ToArray();
        var schedule = new List<PlannedFault>();
        for (var length = TimeSpan.Zero; length < options.Length;)
        {
            random.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                var planned = Plan(schedule.Count + 1, kind, processes, random);
                schedule.Add(planned);
                length += planned.Hold + planned.Pause + TimeSpan.FromSeconds(LeastSeconds);
            }
        }

        return schedule;
    }

    private static PlannedFault Plan(int number, FaultKind kind, ProcessNames processes, Random random)
    {
        var targets = kind.Targets(processes);
        var target = targets.Count == 0 ? null : targets[random.Next(targets.Count)];
        var hold = kind.LeastSeconds + (random.NextDouble() * (kind.MostSeconds - kind.LeastSeconds));
        var companion = processes.All[random.Next(processes.All.Count)];
        var isAccompanied = random.NextDouble() < CompanionShare
            && companion != target && kind.Name is not ("kill-all" or "broker-alarm");
        return new PlannedFault(
            number,
            kind.Name,
            target,
            TimeSpan.FromSeconds(hold),
            TimeSpan.FromSeconds(random.NextDouble() * 3),
            isAccompanied ? companion : null);
    }
}
