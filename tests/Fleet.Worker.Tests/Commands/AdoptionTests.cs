using System.Globalization;
using Fleet.Worker.Platform.Processes;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Commands;

/// <summary>Jobs that run as their agent. This process adopts then, so that no other test may start processes meanwhile.</summary>
[Collection(nameof(AdoptionTests))]
[CollectionDefinition(nameof(AdoptionTests), DisableParallelization = true)]
public class AdoptionTests
{
    [Theory]
    [InlineData("(env -i setsid sh -c 'echo $$ > {0}; exec sleep 1000' >/dev/null 2>&1 &)")]
    [InlineData("env -i setsid sh -c 'setsid sh -c \"echo \\$\\$ > {0}; exec sleep 1000\" &' >/dev/null 2>&1 &")]
    public async Task What_shed_everything_is_ended_with_the_attempt(string escape)
    {
        OwnChildren.Adopt();
        using var run = new CommandRun();
        var file = run.Directory.Write("pid", "");
        await run.Script($"{escape.Replace("{0}", file, StringComparison.Ordinal)}\nuntil [ -s {file} ]; do sleep 0.01; done").Within();
        var pid = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        (ProcessTable.Find(pid) is { IsAlive: true }).ShouldBeFalse();
    }

    [Fact]
    public async Task What_may_be_anothers_lives_as_long_as_that_one_does()
    {
        OwnChildren.Adopt();
        using var first = new CommandRun();
        using var second = new CommandRun();
        var gate = second.Directory.Write("gate", "");
        var waiting = second.Script($"echo ready; until [ -s {gate} ]; do sleep 0.01; done");
        await Eventually.True(() => second.Output == "ready\n", "the second runs");
        var file = first.Directory.Write("pid", "");
        await first.Script($"(env -i setsid sh -c 'echo $$ > {file}; exec sleep 1000' >/dev/null 2>&1 &)\nuntil [ -s {file} ]; do sleep 0.01; done")
            .Within();
        File.WriteAllText(gate, "open");
        await waiting.Within();
        var pid = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        (ProcessTable.Find(pid) is { IsAlive: true }).ShouldBeFalse();
    }
}
