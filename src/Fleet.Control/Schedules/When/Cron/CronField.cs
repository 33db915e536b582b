using System.Globalization;

namespace Fleet.Control.Schedules.When.Cron;

/// <summary>One field of a cron expression: which numbers and names it takes.</summary>
/// <param name="Name">As sentences call it: <c>minute</c>.</param>
/// <param name="Wraps">The number that means the same as the least: 7 for Sunday.</param>
internal sealed record CronField(string Name, int Least, int Most, IReadOnlyList<string> Names, int? Wraps = null)
{
    public static CronField Second { get; } = new("second", 0, 59, []);

    public static CronField Minute { get; } = new("minute", 0, 59, []);

    public static CronField Hour { get; } = new("hour", 0, 23, []);

    public static CronField DayOfMonth { get; } = new("day of month", 1, 31, []);

    public static CronField Month { get; } = new(
        "month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]);

    /// <summary>0 or 7 is Sunday.</summary>
    public static CronField UnixDayOfWeek { get; } = new(
        "day of week", 0, 6, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], Wraps: 7);

    /// <summary>1 is Sunday.</summary>
    public static CronField QuartzDayOfWeek { get; } = new(
        "day of week", 1, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);

    public static CronField Year { get; } = new("year", 1970, 2099, []);

    /// <summary>The values of a list of numbers, ranges and steps.</summary>
    public CronValues Values(string text)
    {
        var values = new SortedSet<int>();
        var isRhythm = false;
        foreach (var part in text.Split(','))
            isRhythm |= Add(part, values);
        return new CronValues(values, isRhythm);
    }

    public int Value(string text)
    {
        var named = Names.Index().FirstOrDefault(name => name.Item.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (named.Item is not null)
            return Least + named.Index;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || ((number < Least || number > Most) && number != Wraps))
            throw new CronException($"The {Name} '{text}' is none: {Range}.");
        return number == Wraps ? Least : number;
    }

    /// <returns>Whether the part is more than one number.</returns>
    private bool Add(string part, SortedSet<int> values)
    {
        var (range, step) = part.Split('/') switch
        {
            [var whole] => (whole, 1),
            [var whole, var every] => (whole, Step(every)),
            _ => throw new CronException($"The {Name} '{part}' has more than one step."),
        };
        var (from, until) = Bounds(range, part.Contains('/', StringComparison.Ordinal));
        var length = until >= from ? until - from : Most - Least + 1 - from + until;
        for (var passed = 0; passed <= length; passed += step)
            values.Add(Least + ((from - Least + passed) % (Most - Least + 1)));
        return range is "*" or "?" || part.AsSpan().ContainsAny('-', '/');
    }

    /// <summary>With a step, one number means from there on.</summary>
    private (int From, int Until) Bounds(string range, bool hasStep)
    {
        if (range is "*" or "?")
            return (Least, Most);
        return range.Split('-') switch
        {
            [var one] => (Value(one), hasStep ? Most : Value(one)),
            [var from, var until] when IsWrap(until) && !IsWrap(from) && Value(from) == Least => (Least, Most),
            [var from, var until] when Name != Year.Name || Value(from) <= Value(until) => (Value(from), Value(until)),
            _ => throw new CronException($"The {Name} '{range}' is no range: {Range}."),
        };
    }

    private bool IsWrap(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == Wraps;

    private int Step(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step >= 1 && step <= Most
            ? step
            : throw new CronException($"The step '{text}' of the {Name} is none: use 1 to {Most}.");

    private string Range => Names.Count == 0
        ? $"use {Least} to {Most}"
        : $"use {Least} to {Wraps ?? Most}, or {Names[0]} to {Names[^1]}";
}

/// <summary>What a field allows.</summary>
/// <param name="IsRhythm">It has <c>*</c>, a range or a step.</param>
internal readonly record struct CronValues(IReadOnlyCollection<int> Values, bool IsRhythm)
{
    public ulong Bits => Values.Aggregate(0ul, (bits, value) => bits | (1ul << value));
}

/// <summary>A sentence that says what is wrong with an expression.</summary>
internal sealed class CronException(string sentence) : Exception(sentence);
