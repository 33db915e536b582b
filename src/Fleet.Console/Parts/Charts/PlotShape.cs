using System.Globalization;
using Fleet.Client.Experiments;

namespace Fleet.Console.Parts.Charts;

/// <summary>One line of a plot.</summary>
/// <param name="Label">Of strangers.</param>
public sealed record PlotLine(string Label, IReadOnlyList<MetricPoint> Points);

/// <summary>
/// Where points lie in a picture: steps from left to right (where a point has none, its number), values from below. What is no
/// number, or without end, is a gap.
/// </summary>
internal sealed class PlotShape
{
    public const double Width = 600;
    public const double Height = 180;

    private readonly IReadOnlyList<PlotLine> _lines;

    public PlotShape(IReadOnlyList<PlotLine> lines)
    {
        _lines = lines;
        var steps = lines.SelectMany(line => line.Points.Select((point, number) => StepOf(point, number))).ToList();
        (FirstStep, LastStep) = steps.Count == 0 ? (0, 0) : (steps.Min(), steps.Max());
        var values = lines.SelectMany(line => line.Points).Select(point => point.Value).Where(double.IsFinite).ToList();
        (Least, Most) = values.Count == 0 ? (0, 0) : (values.Min(), values.Max());
    }

    public double FirstStep { get; }

    public double LastStep { get; }

    public double Least { get; }

    public double Most { get; }

    /// <summary>The line as a path of SVG; a point that stands alone is a short dash.</summary>
    public string Path(int line)
    {
        var path = new System.Text.StringBuilder();
        var points = _lines[line].Points;
        for (var (i, isDown) = (0, false); i < points.Count; i++)
        {
            if (!double.IsFinite(points[i].Value))
            {
                isDown = false;
                continue;
            }

            var (x, y) = (X(StepOf(points[i], i)), Y(points[i].Value));
            path.Append(isDown ? 'L' : 'M').Append(N(x)).Append(' ').Append(N(y));
            if (!isDown && (i + 1 == points.Count || !double.IsFinite(points[i + 1].Value)))
                path.Append('h').Append('2');
            isDown = true;
        }

        return path.ToString();
    }

    public static string N(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A value of a metric as people read it.</summary>
    public static string Value(double? value) => value is { } number ? number.ToString("G5", CultureInfo.InvariantCulture) : "–";

    private static double StepOf(MetricPoint point, int number) => point.Step ?? number;

    private double X(double step) => LastStep > FirstStep ? (step - FirstStep) / (LastStep - FirstStep) * Width : Width / 2;

    private double Y(double value) => Most > Least
        ? Height - ((value / 2 - Least / 2) / (Most / 2 - Least / 2) * Height) // halves: the span of two numbers may be none
        : Height / 2;
}
