namespace Fleet.Control.Schedules.When;

/// <summary>
/// What wall clocks of a zone show, and which instants they mean. It asks the zone for offsets of instants only, which
/// leave no room for doubt, and finds gaps and repetitions itself.
/// </summary>
internal sealed class ZoneTimes(TimeZoneInfo zone)
{
    /// <summary>No two changes of a zone's offset are closer together.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromHours(24);

    public string Name => zone.Id;

    /// <summary>What wall clocks show then, in whole seconds.</summary>
    public DateTime ToLocal(DateTimeOffset at)
    {
        var local = at.UtcDateTime + OffsetAt(at);
        return new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerSecond));
    }

    public TimeSpan OffsetAt(DateTimeOffset at) => zone.GetUtcOffset(at);

    /// <summary>The instants at which wall clocks show this: none, one or two.</summary>
    public WallTime Resolve(DateTime local)
    {
        var utc = new DateTimeOffset(local, TimeSpan.Zero);
        var before = OffsetAt(Minus(utc, Around));
        var after = OffsetAt(Plus(utc, Around));
        var first = utc - before;
        if (before == after)
            return new WallTime(first, null, null);
        var second = utc - after;
        var isFirst = OffsetAt(first) == before;
        var isSecond = OffsetAt(second) == after;
        return (isFirst, isSecond) switch
        {
            (true, true) => new WallTime(first, second, ChangeBetween(first, second)),
            (true, false) => new WallTime(first, null, null),
            (false, true) => new WallTime(second, null, null),
            _ => new WallTime(null, null, ChangeBetween(Minus(utc, Around), Plus(utc, Around))),
        };
    }

    /// <summary>The next instant at which the zone's offset changes, before a limit; null when there is none.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset after, DateTimeOffset limit)
    {
        for (var at = after; at < limit; at += Around)
        {
            if (OffsetAt(at) != OffsetAt(at + Around))
                return ChangeBetween(at, at + Around);
        }

        return null;
    }

    /// <summary>The first instant, in whole seconds, at which the offset is no longer that of the first.</summary>
    private DateTimeOffset ChangeBetween(DateTimeOffset from, DateTimeOffset to)
    {
        var offset = OffsetAt(from);
        var (low, high) = (from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds());
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (OffsetAt(DateTimeOffset.FromUnixTimeSeconds(middle)) == offset)
                low = middle;
            else
                high = middle;
        }

        return DateTimeOffset.FromUnixTimeSeconds(high);
    }

    private static DateTimeOffset Minus(DateTimeOffset at, TimeSpan time) =>
        at - DateTimeOffset.MinValue > time ? at - time : DateTimeOffset.MinValue;

    private static DateTimeOffset Plus(DateTimeOffset at, TimeSpan time) =>
        DateTimeOffset.MaxValue - at > time ? at + time : DateTimeOffset.MaxValue;
}

/// <summary>The instants that a wall time means.</summary>
/// <param name="First">Null where no clock shows it, because it was set forward past it.</param>
/// <param name="Second">Where the clock was set back and shows it again.</param>
/// <param name="Change">When the clock was set; null where that does not matter to this time.</param>
internal readonly record struct WallTime(DateTimeOffset? First, DateTimeOffset? Second, DateTimeOffset? Change)
{
    /// <summary>When it is due: a time that no clock shows is due at the first instant after the gap.</summary>
    public DateTimeOffset Due => First ?? Change!.Value;
}
