namespace Fleet.Control.Schedules.When;

/// <summary>
/// The times that clients may write of schedules. Reckoning goes days and years beyond a time that is given, and must not
/// reach the ends of what a clock can hold.
/// </summary>
internal static class UsableTimes
{
    public const string Sentence = "This must be a time between 1900 and 2200.";

    private static readonly DateTimeOffset First = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Nothing is due after it.</summary>
    public static DateTimeOffset Last { get; } = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static bool Hold(DateTimeOffset at) => at >= First && at <= Last;

    public static bool Hold(DateOnly day) => Hold(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
}
