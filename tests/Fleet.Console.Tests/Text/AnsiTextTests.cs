using Fleet.Console.Text;

namespace Fleet.Console.Tests.Text;

/// <summary>What jobs write is text with colours, whatever it would do to a terminal.</summary>
public sealed class AnsiTextTests
{
    [Theory]
    [InlineData("plain\n", "plain")]
    [InlineData("\u001b[31mred\u001b[0m plain\n", "<fg1>red</> plain")]
    [InlineData("\u001b[1;4;92mloud\u001b[22;24m less\n", "<fg10 bold underlined>loud</><fg10> less</>")]
    [InlineData("\u001b[38;5;196mcube\u001b[39m\u001b[48;2;0;0;170mblue\n", "<fg1>cube</><bg4>blue</>")]
    [InlineData("\u001b]0;title\u0007after\n", "after")]
    [InlineData("\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\\n", "link")]
    [InlineData("\u001b[2J\u001b[1;1Hhome\u001b[?25l\n", "home")]
    [InlineData("\u009b31mC1\n", "<fg1>C1</>")]
    [InlineData("10 %\r50 %\r100 %\n", "100 %")]
    [InlineData("dos\r\n", "dos")]
    [InlineData("a\u202egnp.exe\n", "a\\u202egnp.exe")]
    [InlineData("zero\u200bwidth\u0000 nul\u0007 bell\n", "zero\\u200bwidth\u2400 nul\u2407 bell")]
    [InlineData("<script>alert(1)</script>\n", "<script>alert(1)</script>")]
    [InlineData("\u001b[999999999999mstrange\u001b[;;m\n", "strange")]
    [InlineData("\u001bcreset\u001b(Bcharset\n", "resetcharset")]
    public void A_line_is_what_is_meant(string written, string shown) => Show(new AnsiText().Read(written)).ShouldBe([shown]);

    [Fact]
    public void Where_it_is_cut_makes_no_difference()
    {
        const string Written = "\u001b[31mred \u001b[1mbold\u001b[0m\nsecond\r\nx\rthird \u001b]0;t\u0007end\n";
        var whole = Show(new AnsiText().Read(Written));
        for (var cut = 0; cut <= Written.Length; cut++)
        {
            var text = new AnsiText();
            Show([.. text.Read(Written[..cut]), .. text.Read(Written[cut..])]).ShouldBe(whole, $"cut at {cut}");
        }
    }

    [Fact]
    public void A_line_without_an_end_stays_small_and_is_shown_meanwhile()
    {
        var text = new AnsiText();
        for (var i = 0; i < 1000; i++)
            text.Read(new string('x', 1000)).ShouldBeEmpty();
        text.Rest.Sum(piece => piece.Text.Length).ShouldBe(4001); // and a sign that there is more
        text.Read("\u001b]0;" + new string('y', 5000)).ShouldBeEmpty(); // a title without an end is none
        text.Read("\n").ShouldHaveSingleItem();
    }

    private static IEnumerable<string> Show(IEnumerable<IReadOnlyList<Span>> lines) =>
        lines.Select(line => string.Concat(line.Select(piece => piece.Look.Length == 0 ? piece.Text : $"<{piece.Look}>{piece.Text}</>")));
}
