using System.Diagnostics;
using System.Globalization;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Processes;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Commands;

public class CommandEndingTests
{
    private static readonly TimeSpan _longGrace = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Time_over_ends_also_what_ignores_the_polite_request()
    {
        using var run = new CommandRun();
        var result = await run.Script(
            "trap '' TERM; echo ready; while :; do sleep 0.05; done", timeoutSeconds: 5).Within();
        result.Outcome.ShouldBe(AttemptOutcome.TimedOut);
        result.ErrorCode.ShouldBe("timeout");
        result.ErrorMessage.ShouldBe("The process ran longer than 5 s.");
        result.Signal.ShouldBe("SIGKILL");
        run.Output.ShouldBe("ready\n");
    }

    [Fact]
    public async Task A_cancelled_attempt_may_end_by_itself_within_its_grace()
    {
        using var run = new CommandRun();
        run.WhenOutput = _ => run.Stop.Ask(StopReason.Cancelled, _longGrace);
        var result = await run.Script(
            "trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.05; done").Within();
        result.Outcome.ShouldBe(AttemptOutcome.Cancelled);
        result.ErrorCode.ShouldBe("cancelled");
        result.ExitCode.ShouldBe(5);
        run.Output.ShouldBe("ready\nbye\n");
    }

    [Fact]
    public async Task The_grace_is_for_the_whole_group()
    {
        using var run = new CommandRun();
        run.WhenOutput = _ => run.Stop.Ask(StopReason.Cancelled, _longGrace);
        const string saver = "bash -c 'trap \"sleep 0.5; echo saved; exit\" TERM; echo ready; "
            + "while :; do sleep 0.05; done'";
        await run.Script(saver + "; true").Within();
        run.Output.ShouldBe("ready\nsaved\n");
    }

    [Fact]
    public async Task A_sleeping_process_hears_the_request_too()
    {
        using var run = new CommandRun();
        run.WhenOutput = _ => run.Stop.Ask(StopReason.Cancelled, _longGrace);
        var result = await run.Script("echo ready; kill -STOP $$").Within();
        result.Signal.ShouldBe("SIGTERM");
    }

    [Fact]
    public async Task Nothing_of_a_cancelled_attempt_lives_on()
    {
        using var run = new CommandRun();
        var pids = run.Directory.Write("pids", "");
        run.WhenOutput = text =>
        {
            if (text.Contains("ready", StringComparison.Ordinal))
                run.Stop.Ask(StopReason.Cancelled, TimeSpan.Zero);
        };
        await run.Script($"""
            trap '' TERM
            sleep 1000 & echo $! >> {pids}
            setsid sh -c 'echo $$ >> {pids}; sleep 1000 & echo $! >> {pids}; wait' &
            (setsid sh -c 'echo $$ >> {pids}; exec sleep 1000' > /dev/null 2>&1 &)
            while [ $(wc -l < {pids}) -lt 4 ]; do sleep 0.01; done
            echo ready; sleep 1000
            """).Within();
        File.ReadAllLines(pids).Length.ShouldBe(4);
        Alive(pids).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_process_leaves_behind_ends_with_it()
    {
        using var run = new CommandRun();
        var pids = run.Directory.Write("pids", "");
        var result = await run.Script($"""
            sleep 1000 & echo $! >> {pids}
            setsid sh -c 'echo $$ >> {pids}; exec sleep 1000' &
            while [ $(wc -l < {pids}) -lt 2 ]; do sleep 0.01; done
            """).Within();
        result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        Alive(pids).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pipe_that_a_stranger_holds_open_does_not_hold_the_attempt()
    {
        using var run = new CommandRun();
        var pids = run.Directory.Write("pids", "");
        try
        {
            var result = await run.Script($"""
                env -i setsid sh -c 'echo $$ > {pids}; exec sleep 1000' &
                while [ ! -s {pids} ]; do sleep 0.01; done
                echo done
                """).Within();
            result.Outcome.ShouldBe(AttemptOutcome.Succeeded);
            run.Output.ShouldBe("done\n");
        }
        finally
        {
            Process.GetProcessById(int.Parse(File.ReadAllText(pids), CultureInfo.InvariantCulture)).Kill();
        }
    }

    [Fact]
    public async Task An_attempt_that_was_stopped_before_does_not_start()
    {
        using var run = new CommandRun();
        run.Stop.Ask(StopReason.Cancelled, TimeSpan.Zero);
        var result = await run.Script("echo hello");
        result.Outcome.ShouldBe(AttemptOutcome.Cancelled);
        run.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stopping_agent_says_so()
    {
        using var run = new CommandRun();
        run.WhenOutput = _ => run.Stop.Ask(StopReason.AgentStopping, TimeSpan.Zero);
        var result = await run.Script("echo ready; sleep 1000").Within();
        result.Outcome.ShouldBe(AttemptOutcome.Failed);
        result.ErrorCode.ShouldBe("agent_stopped");
    }

    [Fact]
    public async Task A_grace_can_be_cut_short()
    {
        using var run = new CommandRun();
        run.WhenOutput = _ =>
        {
            run.Stop.Ask(StopReason.Cancelled, _longGrace);
            run.Stop.Hurry();
        };
        var result = await run.Script("trap '' TERM; echo ready; while :; do sleep 0.05; done").Within();
        result.Signal.ShouldBe("SIGKILL");
    }

    private static IEnumerable<string> Alive(string pids) =>
        File.ReadAllLines(pids).Where(pid =>
            ProcessTable.Find(int.Parse(pid, CultureInfo.InvariantCulture)) is { IsAlive: true });
}
