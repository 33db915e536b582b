using System.Globalization;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Output;

/// <summary>One section as aligned text: a row per subject, medians over its runs.</summary>
/// <param name="Columns">Title, figure, format; a figure that a subject lacks is a dash.</param>
internal sealed record Table(string Section, string Title, IReadOnlyList<Column> Columns)
{
    public void Write(Results results, TextWriter to)
    {
        var subjects = results.Of(Section).ToList();
        if (subjects.Count == 0)
            return;

        string[] head = ["", .. Columns.Select(column => column.Title)];
        var rows = subjects
            .Select(runs => Columns.Select(column => Cell(runs, column)).Prepend(runs.Key).ToArray())
            .ToList();
        var widths = head.Select((title, i) => Math.Max(title.Length, rows.Max(row => row[i].Length))).ToArray();

        to.WriteLine();
        to.WriteLine(Title);
        foreach (var row in rows.Prepend(head))
            to.WriteLine("  " + string.Join("  ", row.Select((cell, i) => Align(cell, i, widths[i]))));
    }

    private static string Cell(IEnumerable<Sample> runs, Column column)
    {
        var values = runs
            .Where(run => run.Figures.ContainsKey(column.Figure))
            .Select(run => run.Figures[column.Figure])
            .ToList();
        if (values.Count == 0)
            return "-";
        return column.Range && values.Count > 1
            ? $"{Text(values.Min(), column)}–{Text(values.Max(), column)}"
            : Text(Median.Of(values), column);
    }

    // words to the left, figures to the right
    private static string Align(string cell, int place, int width) =>
        place == 0 ? cell.PadRight(width) : cell.PadLeft(width);

    private static string Text(double value, Column column) =>
        value.ToString(column.Format, CultureInfo.InvariantCulture);
}

/// <param name="Range">Lowest and highest run in place of the median.</param>
internal sealed record Column(string Title, string Figure, string Format = "N0", bool Range = false);
