namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>
/// How long work waits for its next attempt: doubling, with jitter so that many do not return at once.
/// </summary>
internal static class RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>An upstream that was away is found by its agent, and nobody waits much longer than that.</summary>
    private static readonly TimeSpan LongestForUpstream = TimeSpan.FromSeconds(30);

    /// <param name="failures">Attempts that failed so far, from 1.</param>
    public static TimeSpan After(int failures) => Doubled(failures, Longest);

    /// <param name="putBacks">How often in a row the upstream took no calls, from 1.</param>
    public static TimeSpan AfterPutBack(int putBacks) => Doubled(putBacks, LongestForUpstream);

    private static TimeSpan Doubled(int times, TimeSpan longest)
    {
        var pause = First * Math.Pow(2, Math.Clamp(times - 1, 0, 20));
        var bounded = pause < longest ? pause : longest;
        return bounded * (0.8 + (Random.Shared.NextDouble() * 0.4));
    }
}
