using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.AttemptLogs;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Linux;
using Fleet.Worker.Platform.Processes;
using Fleet.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Attempts;

public sealed class RecoveryTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("fleet-worker-").FullName;
    private readonly AttemptKey _key = new(Guid.CreateVersion7(), "command", 4);

    [Fact]
    public async Task What_had_ended_is_told_until_it_is_confirmed_and_then_forgotten()
    {
        var result = new AttemptResult(AttemptOutcome.Succeeded, 0, ResultJson: "[1]");
        Left(new AttemptLogEntry(AttemptLogStep.Finished, _key, End: new AttemptLogEnd(result, OutputOwed: false)));

        await using (var agent = await Recovered())
        {
            agent.Work.Names().ShouldBe([new AttemptInHand(_key.WorkId, 4)], "the first beat names it");
            await agent.Begin();
            var report = await agent.Exchange.Next();
            report.Session.ShouldBe(agent.Session.Id);
            report.Attempts.ShouldBe([new AttemptReport(_key.WorkId, "command", 4, Started: true, Finished: result)]);
        }

        await using (var again = await Recovered())
        {
            await again.Begin();
            var report = await again.Exchange.Next();
            report.Attempts.Single().Finished.ShouldBe(result, "nobody confirmed it");
            again.Reporter.Confirm(report.Number);
            await Eventually.True(() => again.Work.Names().Count == 0, "it is confirmed");
        }

        await using var last = await Recovered();
        last.Work.Names().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_still_runs_is_ended_and_told_as_lost_with_the_agent()
    {
        using var child = ChildProcess.Start(new ChildCommand(
            "/bin/sh", ["sh", "-c", "exec env -i sleep 1000"], ["PATH=/usr/bin:/bin"], "/"));
        Left(new AttemptLogEntry(AttemptLogStep.Started, _key, Child: ChildMark.Of(child.Id)));

        await using var agent = await Recovered();
        await child.Ended.Within();
        child.Reap().Signal.ShouldBe(Signals.Kill);
        await agent.Begin();
        var told = (await agent.Exchange.Next()).Attempts.Single();
        told.Finished!.ErrorCode.ShouldBe("agent_restarted");
        told.Started.ShouldBeTrue();
        Encoding.UTF8.GetString(told.Output!.Single().Bytes).ShouldContain("may be missing");
    }

    [Fact]
    public async Task What_never_started_is_told_without_a_start()
    {
        Left();
        await using var agent = await Recovered();
        await agent.Begin();
        var told = (await agent.Exchange.Next()).Attempts.Single();
        told.ShouldBe(new AttemptReport(_key.WorkId, "command", 4, Finished: AttemptResults.AgentRestarted));
    }

    [Fact]
    public async Task What_ended_its_agent_before_its_process_was_noted_is_told_with_a_start()
    {
        Left(new AttemptLogEntry(AttemptLogStep.Starting, _key));
        await (await Recovered()).DisposeAsync();
        await using var agent = await Recovered(); // by way of the other file, too
        await agent.Begin();
        var told = (await agent.Exchange.Next()).Attempts.Single();
        (told.Started, told.Finished!.ErrorCode).ShouldBe((true, "agent_restarted"));
    }

    [Fact]
    public async Task A_process_that_only_got_the_same_id_is_left_alone()
    {
        using var stranger = ChildProcess.Start(new ChildCommand(
            "/bin/sh", ["sh", "-c", "exec sleep 1000"], ["PATH=/usr/bin:/bin"], "/"));
        var mark = ChildMark.Of(stranger.Id)!;
        Left(new AttemptLogEntry(AttemptLogStep.Started, _key, Child: mark with { Born = mark.Born - 1 }));
        await using var agent = await Recovered();
        await Eventually.StaysTrue(() => !stranger.Ended.IsCompleted, TimeSpan.FromMilliseconds(100), "the stranger runs");
        stranger.Dispose();
        await stranger.Ended;
        stranger.Reap();
    }

    public void Dispose()
    {
        if (Directory.Exists(_home))
            Directory.Delete(_home, recursive: true);
    }

    private void Left(params AttemptLogEntry[] entries)
    {
        using var log = new AttemptLog(64 * 1024);
        log.Open(Path.Combine(_home, "attempt-log"));
        log.Write(new AttemptLogEntry(AttemptLogStep.Accepted, _key));
        log.Write(entries);
    }

    private async Task<AgentParts> Recovered()
    {
        var agent = new AgentParts(home: _home);
        var recovery = new Recovery(
            agent.AttemptLog, agent.Home, agent.Work, agent.Reporter, NullLogger<Recovery>.Instance);
        await recovery.StartAsync(default);
        return agent;
    }
}
