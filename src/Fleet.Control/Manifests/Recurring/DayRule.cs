namespace Fleet.Control.Manifests.Recurring;

/// <summary>
/// Days of the week: <c>mon</c>, <c>mon-fri</c>, the second Tuesday of a month <c>tue#2</c>, its last Friday <c>friL</c>.
/// </summary>
/// <param name="Text">As it was written.</param>
/// <param name="Nth">Null for every one, 1 to 5, or −1 for the last.</param>
internal sealed record DayRule(string Text, DayOfWeek First, DayOfWeek Last, int? Nth)
{
    private static readonly string[] Names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static bool TryParse(string text, out DayRule rule)
    {
        rule = new DayRule(text, DayOfWeek.Sunday, DayOfWeek.Sunday, null);
        var lower = text.Trim().ToLowerInvariant();
        if (lower.Length < 3 || Find(lower[..3]) is not { } first)
            return false;
        switch (lower[3..])
        {
            case "":
                rule = new DayRule(text, first, first, null);
                return true;
            case "l":
                rule = new DayRule(text, first, first, -1);
                return true;
            case ['#', >= '1' and <= '5' and var digit]:
                rule = new DayRule(text, first, first, digit - '0');
                return true;
            case ['-', .. var last] when Find(last) is { } end:
                rule = new DayRule(text, first, end, null);
                return true;
            default:
                return false;
        }
    }

    public bool Chooses(DateOnly day)
    {
        var isBetween = First <= Last
            ? day.DayOfWeek >= First && day.DayOfWeek <= Last
            : day.DayOfWeek >= First || day.DayOfWeek <= Last;
        return isBetween && Nth switch
        {
            null => true,
            -1 => day.Day + 7 > DateTime.DaysInMonth(day.Year, day.Month),
            var nth => (day.Day + 6) / 7 == nth,
        };
    }

    private static DayOfWeek? Find(string name) => Array.IndexOf(Names, name) is >= 0 and var at ? (DayOfWeek)at : null;
}
