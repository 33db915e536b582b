using System.Text;
using Fleet.Worker.Attempts;
using Fleet.Worker.Commands;

namespace Fleet.Worker.Tests.Experiments;

/// <summary>Lines of metrics, as they are told from output.</summary>
public class MetricLineTests
{
    [Theory]
    [InlineData("::metric loss=0.5 step=3\n", "loss=0.5@3")]
    [InlineData("::metric loss=0.5\r\n", "loss=0.5@")]
    [InlineData("::metric a=1 b=-2e-3 step=0\n", "a=1@0|b=-0.002@0")]
    [InlineData("::metric step=7 top/1=1\n", "top/1=1@7")]
    [InlineData("::metric x=nan y=inf z=-Infinity\n", "x=NaN@|y=Infinity@|z=-Infinity@")]
    [InlineData("::metric a=b=3\n", "a=b=3@")]
    public void A_line_says_values_and_their_step(string line, string values)
    {
        var read = MetricLine.Read(Encoding.UTF8.GetBytes(line)).ShouldNotBeNull();
        string.Join('|', read.Select(one => FormattableString.Invariant($"{one.Name}={one.Value}@{one.Step}"))).ShouldBe(values);
    }

    [Theory]
    [InlineData("::metric \n")]
    [InlineData("::metric loss\n")]
    [InlineData("::metric loss=much\n")]
    [InlineData("::metric loss=1e999\n")]
    [InlineData("::metric =1\n")]
    [InlineData("::metric step=1\n")]
    [InlineData("::metric a/../b=1\n")]
    [InlineData("::metric loss=1 step=-1\n")]
    [InlineData("::metric loss=1 step=x\n")]
    [InlineData(" ::metric loss=1\n")]
    [InlineData("::metrics loss=1\n")]
    public void What_is_none_is_output(string line) => MetricLine.Read(Encoding.UTF8.GetBytes(line)).ShouldBeNull();

    [Fact]
    public void Wherever_output_is_cut_its_metrics_are_found()
    {
        var all = Encoding.UTF8.GetBytes("one\n::metric a=1 step=2\n::progress 0.5 half\n::metric no\n::m\ntwo\n::metric b=nan");
        for (var first = 0; first <= all.Length; first++)
        {
            var filter = new OutputFilter("stdout", takesProgress: true, takesMetrics: true);
            var happened = new List<AttemptEvent>();
            filter.Add(all.AsSpan(..first), happened);
            filter.Add(all.AsSpan(first..), happened);
            filter.End(happened);
            string.Concat(happened.OfType<Wrote>().Select(wrote => Encoding.UTF8.GetString(wrote.Chunk.Bytes)))
                .ShouldBe("one\n::metric no\n::m\ntwo\n");
            happened.OfType<Progressed>().Single().Progress.Fraction.ShouldBe(0.5);
            happened.OfType<Measured>().SelectMany(measured => measured.Values).ShouldBe(
                [new Measurement("a", 1, 2), new Measurement("b", double.NaN, null)]);
        }
    }

    [Fact]
    public void Where_nobody_takes_metrics_they_are_output()
    {
        var filter = new OutputFilter("stdout", takesProgress: true);
        var happened = new List<AttemptEvent>();
        filter.Add("::metric a=1\n"u8, happened);
        filter.End(happened);
        string.Concat(happened.Cast<Wrote>().Select(wrote => Encoding.UTF8.GetString(wrote.Chunk.Bytes))).ShouldBe("::metric a=1\n");
    }
}
