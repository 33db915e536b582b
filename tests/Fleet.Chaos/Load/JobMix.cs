namespace Fleet.Chaos.Load;

/// <summary>Which jobs a run has; the same for the same seed.</summary>
internal static class JobMix
{
    private const double WatchedShare = 0.02;

    private static readonly (Behaviour Behaviour, int Share)[] Shares =
    [
        (Behaviour.Noop, 12), (Behaviour.Short, 42), (Behaviour.Medium, 17), (Behaviour.Long, 6), (Behaviour.Loud, 4),
        (Behaviour.Artifact, 5), (Behaviour.FailsOnce, 4), (Behaviour.Fails, 3), (Behaviour.TimesOut, 2),
        (Behaviour.Cancelled, 5),
    ];

    public static IReadOnlyList<JobPlan> Make(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(1, count).Select(number => Make(number, random))];
    }

    private static JobPlan Make(int number, Random random)
    {
        var behaviour = Draw(random);
        var plan = behaviour switch
        {
            Behaviour.Short => new JobPlan(number, behaviour, random.Next(1, 5), 0.15),
            Behaviour.Medium => new JobPlan(number, behaviour, random.Next(4, 14), 0.35),
            Behaviour.Long => new JobPlan(number, behaviour, random.Next(16, 40), 0.6),
            Behaviour.Loud => new JobPlan(number, behaviour, random.Next(1000, 20_000), 0),
            Behaviour.Cancelled => new JobPlan(
                number, behaviour, random.Next(4, 20), 0.4, CancelAfter: TimeSpan.FromSeconds(random.NextDouble() * 4)),
            Behaviour.Artifact or Behaviour.FailsOnce => new JobPlan(number, behaviour, random.Next(1, 4), 0.2),
            _ => new JobPlan(number, behaviour, 0, 0),
        };
        return plan with { IsWatched = random.NextDouble() < WatchedShare };
    }

    private static Behaviour Draw(Random random)
    {
        var drawn = random.Next(Shares.Sum(share => share.Share));
        foreach (var (behaviour, share) in Shares)
        {
            if ((drawn -= share) < 0)
                return behaviour;
        }

        return Behaviour.Noop;
    }
}
