using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Commands;

public class CommandOutputTests
{
    [Fact]
    public async Task Output_is_passed_byte_for_byte_in_order()
    {
        using var run = new CommandRun();
        var bytes = new byte[700_000];
        new Random(1).NextBytes(bytes);
        var file = run.Directory.Write("bytes", "");
        await File.WriteAllBytesAsync(file, bytes);
        await run.Program("cat", file);
        run.OutputBytes.ShouldBe(bytes);
        run.Chunks.ShouldAllBe(chunk => chunk.Bytes.Length <= 32 * 1024);
    }

    [Fact]
    public async Task Output_comes_while_the_process_still_runs()
    {
        using var run = new CommandRun();
        var gate = run.Directory.Write("gate", "");
        run.WhenOutput = text =>
        {
            if (text == "first\n")
                File.AppendAllText(gate, "open");
        };
        var result = await run.Script($"echo first; while [ ! -s {gate} ]; do sleep 0.01; done; echo second", 20);
        result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        run.Output.ShouldBe("first\nsecond\n");
    }

    [Fact]
    public async Task Progress_lines_are_progress_and_not_output()
    {
        using var run = new CommandRun();
        await run.Script("echo a; echo '::progress 0.25 a quarter'; printf '::progress 1'");
        run.Output.ShouldBe("a\n");
        run.Progress.ShouldBe([new ProgressReport(0.25, "a quarter"), new ProgressReport(1, "")]);
    }

    [Fact]
    public async Task Progress_lines_count_on_stdout_only()
    {
        using var run = new CommandRun();
        await run.Script("echo '::progress 0.25 a quarter' >&2");
        run.Error.ShouldBe("::progress 0.25 a quarter\n");
        run.Progress.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flood_is_slowed_while_nobody_takes_it()
    {
        using var run = new CommandRun();
        var count = run.Directory.Write("count", "");
        var script = $"while :; do printf '%01000d' 0; printf x >> {count}; done";
        await using var events = run.Events(new CommandSpec(Script: script, Shell: "sh")).GetAsyncEnumerator();
        (await events.MoveNextAsync()).ShouldBeTrue();
        var written = await Eventually.Settled(() => new FileInfo(count).Length);
        written.ShouldBeLessThan(400); // kilobytes: the pipe, one read, and what the channel holds
        run.Stop.Ask(StopReason.Cancelled, TimeSpan.Zero);
        while (await events.MoveNextAsync())
        {
            if (events.Current is Ended(var result))
                result.Outcome.ShouldBe(AttemptOutcome.Cancelled);
        }
    }
}
