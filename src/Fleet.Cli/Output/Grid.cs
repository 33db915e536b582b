using Fleet.Cli.Terminals;
using Spectre.Console;

namespace Fleet.Cli.Output;

/// <summary>Columns of text without lines around them. On a terminal they fit its width; in a pipe nothing is cut off.</summary>
internal sealed class Grid(Terminal terminal)
{
    private const int Unbounded = 1_000_000;
    private const string Nothing = "-";

    /// <param name="titles">Null for none.</param>
    public void Write(IReadOnlyList<string>? titles, IEnumerable<IEnumerable<(string? Text, Tone Tone)>> rows)
    {
        var lines = rows.Select(row => row.ToArray()).ToList();
        var table = new Table().NoBorder();
        table.ShowHeaders = titles is not null;
        var count = titles?.Count ?? lines.FirstOrDefault()?.Length ?? 0;
        for (var i = 0; i < count; i++)
        {
            var last = i == count - 1;
            table.AddColumn(new TableColumn(new Text(titles?[i] ?? "")) { NoWrap = true, Padding = new Padding(0, 0, last ? 0 : 2, 0) });
        }

        foreach (var line in lines)
            table.AddRow(line.Select(cell => Cell(cell.Text, cell.Tone)));
        foreach (var text in Render(table).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            terminal.Out.WriteLine(text.TrimEnd());
    }

    /// <summary>Anything of Spectre's as text, coloured where that is allowed.</summary>
    public string Render(Spectre.Console.Rendering.IRenderable what)
    {
        var colours = terminal.MayColour(terminal.OutIsTerminal);
        var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false }, // only the terminal says what it can
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = terminal.OutIsTerminal ? terminal.Width : Unbounded;
        console.Write(what);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static Text Cell(string? text, Tone tone) =>
        new(PlainText.Line(string.IsNullOrEmpty(text) ? Nothing : text), StyleOf(tone)) { Overflow = Overflow.Ellipsis };

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Busy => new Style(Color.Teal),
        Tone.Bad => new Style(Color.Maroon),
        Tone.Faint => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
