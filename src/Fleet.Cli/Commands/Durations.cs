using System.Globalization;

namespace Fleet.Cli.Commands;

/// <summary>Lengths of time as people write and read them.</summary>
internal static class Durations
{
    /// <summary>A number with <c>s m h d</c> behind it, or of seconds.</summary>
    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        var unit = text.Length == 0 ? null : UnitOf(text[^1]);
        var number = unit is null ? text : text[..^1];
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count * (unit ?? 1) is not (>= 0 and < 1e9))
            return false;
        time = TimeSpan.FromSeconds(count * (unit ?? 1));
        return true;
    }

    /// <summary>The two largest units, as <c>3h 20m</c>.</summary>
    public static string Words(TimeSpan time) => time switch
    {
        _ when time < TimeSpan.Zero => "-" + Words(-time),
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#}s"),
        { TotalMinutes: < 1 } => $"{(int)time.TotalSeconds}s",
        { TotalHours: < 1 } => $"{time.Minutes}m {time.Seconds}s",
        { TotalDays: < 1 } => $"{time.Hours}h {time.Minutes}m",
        _ => $"{(int)time.TotalDays}d {time.Hours}h",
    };

    private static double? UnitOf(char letter) => letter switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => null,
    };
}
