using Fleet.Client.Experiments;

namespace Fleet.Cli.Experiments;

/// <summary>From where to where a picture reaches.</summary>
internal sealed record PlotScale(double FirstStep, double LastStep, double Least, double Most)
{
    /// <summary>All points of all series are in it; what is no number, or without end, has no place.</summary>
    public static PlotScale Of(IEnumerable<IReadOnlyList<MetricPoint>> series)
    {
        var all = series.SelectMany(points => points.Select((point, index) => (Step: StepOf(point, index), point.Value)))
            .Where(point => double.IsFinite(point.Value)).ToList();
        return all.Count == 0
            ? new PlotScale(0, 0, 0, 0)
            : new PlotScale(
                all.Min(point => point.Step), all.Max(point => point.Step),
                all.Min(point => point.Value), all.Max(point => point.Value));
    }

    /// <summary>Where nobody said a step, the place in its series is one.</summary>
    public static double StepOf(MetricPoint point, int index) => point.Step ?? index;

    /// <summary>Where a value lies between the ends, 0 to 1; in the middle where there is but one.</summary>
    public static double Part(double value, double from, double to) =>
        to > from ? Math.Clamp((value / 2 - from / 2) / (to / 2 - from / 2), 0, 1) : 0.5;
}

/// <summary>A curve of braille dots: two by four of them in each letter (Unicode 2800 to 28FF).</summary>
internal static class TextPlot
{
    private const int Across = 2;
    private const int Down = 4;
    private const int Margin = 11;

    /// <summary>Of a letter's dots, by row and column.</summary>
    private static readonly int[,] Dots = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    /// <returns>As many lines as it is high, and one of steps.</returns>
    public static IEnumerable<string> Draw(IReadOnlyList<MetricPoint> points, PlotScale scale, int width, int height)
    {
        var cells = new int[height, width];
        (int X, int Y)? before = null;
        foreach (var (index, point) in points.Index())
        {
            if (!double.IsFinite(point.Value))
            {
                before = null;
                continue;
            }

            var step = PlotScale.StepOf(point, index);
            var x = (int)Math.Round(PlotScale.Part(step, scale.FirstStep, scale.LastStep) * ((width * Across) - 1));
            var y = (int)Math.Round((1 - PlotScale.Part(point.Value, scale.Least, scale.Most)) * ((height * Down) - 1));
            Line(cells, before ?? (x, y), (x, y));
            before = (x, y);
        }

        for (var row = 0; row < height; row++)
        {
            var label = row == 0 ? RunTable.Number(scale.Most) : row == height - 1 ? RunTable.Number(scale.Least) : "";
            var letters = Enumerable.Range(0, width).Select(column => (char)(0x2800 + cells[row, column]));
            yield return $"{label,Margin} │{string.Concat(letters).TrimEnd('\u2800')}".TrimEnd();
        }

        var (first, last) = (RunTable.Number(scale.FirstStep), RunTable.Number(scale.LastStep));
        yield return $"{"",Margin} └{first}{last.PadLeft(Math.Max(last.Length + 1, width - first.Length), '─')}";
    }

    /// <summary>Every dot on the way from one to the other.</summary>
    private static void Line(int[,] cells, (int X, int Y) from, (int X, int Y) to)
    {
        var steps = Math.Max(1, Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y)));
        for (var i = 0; i <= steps; i++)
        {
            var x = from.X + ((to.X - from.X) * i / steps);
            var y = from.Y + ((to.Y - from.Y) * i / steps);
            cells[y / Down, x / Across] |= Dots[y % Down, x % Across];
        }
    }
}
