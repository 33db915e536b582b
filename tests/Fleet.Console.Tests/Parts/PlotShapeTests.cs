using Fleet.Client.Experiments;
using Fleet.Console.Parts.Charts;

namespace Fleet.Console.Tests.Parts;

/// <summary>Where points of metrics lie in a picture.</summary>
public sealed class PlotShapeTests
{
    [Theory]
    [InlineData("1 2 3", "M0 180L300 90L600 0")]
    [InlineData("1 NaN 3", "M0 180h2M600 0h2")]
    [InlineData("NaN 1 2 Infinity", "M200 180L400 0")]
    [InlineData("5 5", "M0 90L600 90")]
    [InlineData("-1.7E308 1.7E308", "M0 180L600 0")]
    [InlineData("NaN", "")]
    [InlineData("7", "M300 90h2")]
    public void Values_go_up_and_what_is_no_number_is_a_gap(string values, string path) => Shape(values).Path(0).ShouldBe(path);

    [Fact]
    public void Lines_share_one_scale()
    {
        var shape = new PlotShape([Line("0 10"), Line("5 5")]);
        (shape.Least, shape.Most, shape.FirstStep, shape.LastStep).ShouldBe((0, 10, 0, 1));
        shape.Path(1).ShouldBe("M0 90L600 90");
    }

    private static PlotShape Shape(string values) => new([Line(values)]);

    private static PlotLine Line(string values) => new("x", [.. values.Split(' ').Select((value, step) => new MetricPoint(
        step, default, double.Parse(value, System.Globalization.CultureInfo.InvariantCulture)))]);
}
