namespace Fleet.Control.Jobs;

/// <summary>
/// How long a job waits for its next attempt: doubling, with jitter so that many do not return at once.
/// </summary>
internal static class RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <param name="failures">Attempts that failed so far, from 1.</param>
    public static TimeSpan After(int failures)
    {
        var pause = First * Math.Pow(2, Math.Min(failures - 1, 20));
        var bounded = pause < Longest ? pause : Longest;
        return bounded * (0.8 + (Random.Shared.NextDouble() * 0.4));
    }
}
