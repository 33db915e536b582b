using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Attempts;
using Fleet.Worker.Commands;

namespace Fleet.Worker.Tests.Commands;

public class OutputFilterTests
{
    private readonly List<AttemptEvent> _happened = [];

    private string Text => Encoding.UTF8.GetString(
        [.. _happened.OfType<Wrote>().SelectMany(wrote => wrote.Chunk.Bytes)]);

    private IEnumerable<ProgressReport> Progress => _happened.OfType<Progressed>().Select(it => it.Progress);

    [Theory]
    [InlineData("::progress 0.4 baking\n", 0.4, "baking")]
    [InlineData("::progress 0.4 baking\r\n", 0.4, "baking")]
    [InlineData("::progress 1\n", 1, "")]
    [InlineData("::progress 0   two words \n", 0, "two words")]
    [InlineData("::progress 5e-1 ä\n", 0.5, "ä")]
    public void A_progress_line_is_read(string line, double fraction, string text)
    {
        Feed(line);
        Progress.ShouldBe([new ProgressReport(fraction, text)]);
        Text.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("::progress\n")]
    [InlineData("::progress \n")]
    [InlineData("::progress 1.1 too much\n")]
    [InlineData("::progress -0.1 too little\n")]
    [InlineData("::progress NaN no number\n")]
    [InlineData("::progress 0.5% wrong\n")]
    [InlineData(" ::progress 0.5 not at the beginning\n")]
    [InlineData("::progresS 0.5\n")]
    [InlineData(":")]
    [InlineData("\n:\n::\n\n::p")]
    public void Anything_else_is_output_as_it_is(string text)
    {
        Feed(text);
        Text.ShouldBe(text);
        Progress.ShouldBeEmpty();
    }

    [Fact]
    public void Every_split_of_the_stream_gives_the_same()
    {
        var all = Encoding.UTF8.GetBytes(
            "one\n::progress 0.5 hälf\nzwö\n::progress x\n\n:::progress 1 no\nend 🦊\n::progress 1 done");
        for (var first = 0; first <= all.Length; first++)
        {
            for (var second = first; second <= all.Length; second++)
            {
                Split(all, first, second);
                Text.ShouldBe("one\nzwö\n::progress x\n\n:::progress 1 no\nend 🦊\n");
                Progress.ShouldBe([new ProgressReport(0.5, "hälf"), new ProgressReport(1, "done")]);
            }
        }
    }

    [Fact]
    public void Only_what_may_become_progress_is_held_back()
    {
        var filter = new OutputFilter("stdout", takesProgress: true);
        filter.Add("password: "u8, _happened);
        Text.ShouldBe("password: ");
        filter.Add("\n::pro"u8, _happened);
        Text.ShouldBe("password: \n");
        filter.Add("tein"u8, _happened);
        Text.ShouldBe("password: \n::protein");
    }

    [Fact]
    public void A_progress_line_without_end_is_output_at_last()
    {
        var filter = new OutputFilter("stdout", takesProgress: true);
        filter.Add(Encoding.UTF8.GetBytes("::progress 0.5 " + new string('x', 5000)), _happened);
        Text.Length.ShouldBe(5015);
        filter.Add("\n::progress 0.6\n"u8, _happened);
        Progress.Single().Fraction.ShouldBe(0.6);
    }

    [Fact]
    public void A_character_is_not_cut()
    {
        var filter = new OutputFilter("stderr", takesProgress: false);
        var fox = "a🦊"u8.ToArray();
        for (var i = 0; i < fox.Length; i++)
            filter.Add(fox.AsSpan(i, 1), _happened);
        _happened.Cast<Wrote>().Select(wrote => Encoding.UTF8.GetString(wrote.Chunk.Bytes)).ShouldBe(["a", "🦊"]);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_not_held_longer_than_needed()
    {
        var filter = new OutputFilter("stdout", takesProgress: true);
        filter.Add([0xF0, 0x9F], _happened);
        _happened.ShouldBeEmpty();
        filter.End(_happened);
        _happened.Cast<Wrote>().Single().Chunk.Bytes.ShouldBe([0xF0, 0x9F]);
        _happened.Clear();
        filter.Add([0xFF, 0x80, 0x80, 0x80, 0x80], _happened);
        _happened.Cast<Wrote>().Single().Chunk.Bytes.Length.ShouldBe(5);
    }

    private void Feed(string text)
    {
        var filter = new OutputFilter("stdout", takesProgress: true);
        filter.Add(Encoding.UTF8.GetBytes(text), _happened);
        filter.End(_happened);
    }

    private void Split(byte[] all, int first, int second)
    {
        _happened.Clear();
        var filter = new OutputFilter("stdout", takesProgress: true);
        filter.Add(all.AsSpan(..first), _happened);
        filter.Add(all.AsSpan(first..second), _happened);
        filter.Add(all.AsSpan(second..), _happened);
        filter.End(_happened);
    }
}
