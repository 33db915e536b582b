namespace Fleet.Console.Parts.Charts;

/// <summary>A row of a <see cref="HeatTable"/>.</summary>
/// <param name="Name">Of strangers.</param>
public sealed record HeatRow(string Name, string? Link, IReadOnlyList<HeatCell> Cells);

/// <param name="Bad">Of all of them.</param>
/// <param name="Due">Those that are still to come.</param>
public sealed record HeatCell(int All, int Bad, int Due = 0);

/// <summary>Sorts what happened into spans of time.</summary>
internal static class HeatCells
{
    /// <summary>Counts by spans of the same length, the first of which begins at a time.</summary>
    /// <param name="happened">When something happened, and whether it went wrong.</param>
    public static IReadOnlyList<HeatCell> Of(
        IReadOnlyCollection<(DateTimeOffset At, bool IsBad)> happened, DateTimeOffset from, TimeSpan span, int count,
        IReadOnlyCollection<DateTimeOffset>? due = null)
    {
        var cells = new HeatCell[count];
        for (var i = 0; i < count; i++)
        {
            var (first, end) = (from + (i * span), from + ((i + 1) * span));
            var here = happened.Where(one => one.At >= first && one.At < end).ToList();
            cells[i] = new HeatCell(here.Count, here.Count(one => one.IsBad), due?.Count(at => at >= first && at < end) ?? 0);
        }

        return cells;
    }
}
