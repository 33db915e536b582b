namespace Fleet.Control.Platform.Removal;

/// <summary>
/// Keeps long work from standing in others' way: after each step it rests in proportion to how long the step took, so
/// that it takes less where there is less to take.
/// </summary>
/// <param name="share">The part of the time that is work.</param>
internal sealed class Throttle(double share, TimeProvider clock)
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    private long _since = clock.GetTimestamp();

    /// <summary>How long the last step took.</summary>
    public TimeSpan Took { get; private set; }

    public async Task Rest(CancellationToken stop)
    {
        Took = clock.GetElapsedTime(_since);
        var rest = Took * ((1 / share) - 1);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest < LongestRest ? rest : LongestRest, clock, stop);
        _since = clock.GetTimestamp();
    }
}
