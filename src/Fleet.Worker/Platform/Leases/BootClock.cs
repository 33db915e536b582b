using Fleet.Worker.Platform.Linux;

namespace Fleet.Worker.Platform.Leases;

/// <summary>
/// A clock that nobody sets, and that goes on while the host sleeps: leases run out during that time too.
/// </summary>
internal sealed unsafe class BootClock : TimeProvider
{
    private const int SinceBoot = 7; // CLOCK_BOOTTIME
    private const long NanosecondsPerSecond = 1_000_000_000;

    public override long TimestampFrequency => NanosecondsPerSecond;

    public override long GetTimestamp()
    {
        Libc.Time time;
        return Libc.GetTime(SinceBoot, &time) == 0
            ? (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds
            : throw new InvalidOperationException("This system has no clock that counts from its start.");
    }
}
