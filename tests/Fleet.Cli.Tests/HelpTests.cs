using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Terminals;
using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary>What commands say about themselves.</summary>
public sealed class HelpTests
{
    [Fact]
    public async Task Every_command_explains_itself()
    {
        var help = new StringWriter();
        foreach (var path in Paths(RootBuilder.Build(new Terminal(Stream.Null, Stream.Null)), []))
        {
            var cli = new Support.Cli(null);
            (await cli.Run([.. path, "--help"])).ShouldBe(0);
            cli.Error.ShouldBeEmpty();
            help.Write($"### {string.Join(' ', (string[])["fleet", .. path])}\n{cli.Out.Replace("testhost", "fleet", StringComparison.Ordinal).TrimEnd()}\n\n");
        }

        Golden.MustBe("help.txt", help.ToString());
    }

    [Theory]
    [InlineData("", "needs one of: run, job")]
    [InlineData("job", "fleet job needs one of: ls, show")]
    [InlineData("job lst", "'lst'")]
    [InlineData("job ls --nonsense", "--nonsense")]
    [InlineData("job ls -o xml", "xml")]
    [InlineData("job wait 01 --timeout soon", "--timeout is a time such as 90s")]
    [InlineData("run --label nothing -- true", "--label is written as name=value, not 'nothing'.")]
    [InlineData("run", "run")]
    [InlineData("bulk explode", "explode")]
    public async Task What_cannot_be_meant_is_refused_with_what_there_is(string line, string sentence)
    {
        var cli = new Support.Cli(null);
        (await cli.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldBe(2);
        cli.Error.ShouldContain(sentence);
        cli.Error.ShouldContain("--help shows what there is.");
        cli.Out.ShouldBeEmpty();
    }

    private static IEnumerable<string[]> Paths(Command command, string[] path) =>
        command.Subcommands.Where(one => !one.Hidden).SelectMany(one => Paths(one, [.. path, one.Name])).Prepend(path);
}
