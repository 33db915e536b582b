namespace Fleet.Control.Tests.Schedules.Support;

/// <summary>
/// A clock on the wall that a test sets, forward or back; time that passes is real. Several processes may go by one, or each
/// by its own.
/// </summary>
internal sealed class SimulatedClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Set(DateTimeOffset to) => Interlocked.Exchange(ref _ticks, to.UtcTicks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
