using Fleet.Control.Schedules.When.Cron;

namespace Fleet.Control.Schedules.When;

/// <summary>
/// Due when wall clocks of a zone show certain times. A time that the clock skips is due at the first instant after the
/// gap; several of them are due once. A time that it shows twice is due once, the first time, unless the expression names
/// a rhythm (see <see cref="CronExpression.IsRhythm"/>), which would otherwise fall silent for an hour.
/// </summary>
internal sealed class WallClock(CronExpression expression, ZoneTimes zone) : IRecurrence
{
    public CronExpression Expression => expression;

    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var local = zone.ToLocal(after);
        return expression.IsRhythm && Repetition(local, after) is { } repeated
            ? NextAround(repeated, local, after)
            : NextBehind(local, after);
    }

    private DateTimeOffset? NextBehind(DateTime local, DateTimeOffset after)
    {
        for (var time = expression.Next(local); time is { } candidate; time = expression.Next(candidate))
        {
            var wall = zone.Resolve(candidate);
            if (wall.Due > after)
                return wall.Due;
            if (expression.IsRhythm && wall.Second > after)
                return wall.Second;
        }

        return null;
    }

    /// <summary>Within the first of two passes through the same times: what is left of it, then the second pass.</summary>
    private DateTimeOffset? NextAround(Repeated repeated, DateTime local, DateTimeOffset after)
    {
        if (expression.Next(local) is { } inFirst && inFirst < repeated.Until)
            return zone.Resolve(inFirst).First;
        return expression.Next(repeated.From.AddSeconds(-1)) is { } inSecond && inSecond < repeated.Until
            ? zone.Resolve(inSecond).Second
            : NextBehind(local, after);
    }

    /// <summary>The times that are shown twice, if this instant lies in their first pass.</summary>
    private Repeated? Repetition(DateTime local, DateTimeOffset after)
    {
        var wall = zone.Resolve(local);
        if (wall.Second is not { } second || after >= wall.Change)
            return null;
        var change = wall.Change!.Value.UtcDateTime;
        return new Repeated(change + zone.OffsetAt(second), change + zone.OffsetAt(wall.First!.Value));
    }

    /// <param name="Until">The first time that is not shown again.</param>
    private readonly record struct Repeated(DateTime From, DateTime Until);
}
