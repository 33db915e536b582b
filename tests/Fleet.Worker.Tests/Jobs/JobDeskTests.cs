using System.Text;
using Fleet.Contracts.Jobs;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Jobs;

public class JobDeskTests
{
    [Fact]
    public async Task A_command_is_told_from_start_to_end_and_leaves_nothing()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Script("echo hello; echo '::progress 0.5 half'; echo '[1]' > $FLEET_RESULT_FILE");
        await agent.Desk.Accept([run]);
        var told = await agent.ToldUntilEnd(run);
        told.Count(news => news.Started).ShouldBe(1);
        told[0].Started.ShouldBeTrue();
        Encoding.UTF8.GetString([.. told.SelectMany(news => news.Output ?? []).SelectMany(chunk => chunk.Bytes)])
            .ShouldBe("hello\n");
        told.Last(news => news.Progress is not null).Progress!.Text.ShouldBe("half");
        told[^1].Finished!.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        told[^1].Finished!.ResultJson.ShouldBe("[1]\n");
        await Eventually.True(
            () => !Directory.EnumerateDirectories(agent.Home.Attempts).Any(), "the attempt's directory goes");
        agent.Work.Names().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_noop_starts_and_ends_at_once()
    {
        await using var agent = new AgentParts();
        agent.Enter();
        var runs = Enumerable.Range(0, 500).Select(_ => agent.Noop()).ToList();
        await agent.Desk.Accept(runs);
        agent.Work.Names().Count.ShouldBe(500);
        await agent.Reporter.StartAsync(default);
        var report = await agent.Exchange.Next();
        report.Attempts.Select(news => news.JobId).ShouldBe(runs.Select(run => run.JobId));
        report.Attempts.ShouldAllBe(news => news.Started && news.Finished!.Outcome == AttemptOutcome.Succeeded);
        Directory.Exists(agent.Home.Attempts).ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_attempt_twice_runs_once()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Noop();
        await agent.Desk.Accept([run]);
        await agent.ToldUntilEnd(run);
        await Eventually.True(() => agent.Work.Names().Count == 0, "the end is confirmed");
        await agent.Desk.Accept([run]);
        agent.Work.Names().ShouldBeEmpty();
        agent.Exchange.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task What_another_session_was_told_is_ignored()
    {
        await using var agent = new AgentParts();
        agent.Enter();
        await agent.Desk.Accept([agent.Run(new JobSpec("noop"), Guid.NewGuid())]);
        agent.Work.Names().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_running_attempt_is_stopped()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Script("echo ready; sleep 1000");
        await agent.Desk.Accept([run]);
        for (var wrote = false; !wrote;)
        {
            var report = await agent.Exchange.Next();
            wrote = report.Attempts.Any(news => news.Output is not null);
            agent.Reporter.Confirm(report.Number);
        }

        agent.Desk.Stop(new StopJob(run.JobId, run.Attempt, 5));
        var told = await agent.ToldUntilEnd(run);
        told[^1].Finished!.Outcome.ShouldBe(AttemptOutcome.Cancelled);
        told[^1].Finished!.ErrorCode.ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_stop_that_comes_first_is_told_at_once_and_the_attempt_never_starts()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Script("echo must not run");
        agent.Desk.Stop(new StopJob(run.JobId, run.Attempt, 5));
        var told = await agent.ToldUntilEnd(run);
        told.Single().Finished!.Outcome.ShouldBe(AttemptOutcome.Cancelled);

        await agent.Desk.Accept([run]);
        told = await agent.ToldUntilEnd(run);
        told.Single().Started.ShouldBeFalse();
        told.Single().Finished!.Outcome.ShouldBe(AttemptOutcome.Cancelled);
        agent.Work.Names().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stop_of_an_ended_attempt_changes_nothing()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Noop();
        await agent.Desk.Accept([run]);
        agent.Desk.Stop(new StopJob(run.JobId, run.Attempt, 5));
        (await agent.ToldUntilEnd(run))[^1].Finished!.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        agent.Desk.Stop(new StopJob(run.JobId, run.Attempt, 5));
        agent.Exchange.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_kind_fails_with_a_sentence()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Run(new JobSpec("divination"));
        await agent.Desk.Accept([run]);
        var end = (await agent.ToldUntilEnd(run))[^1].Finished!;
        end.ErrorCode.ShouldBe("start_failed");
        end.ErrorMessage.ShouldNotBeNull().ShouldContain("divination");
    }

    [Fact]
    public async Task Closing_ends_what_runs_and_tells_it()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Script("trap '' TERM; while :; do sleep 0.05; done");
        await agent.Desk.Accept([run]);
        var closing = agent.Desk.Close(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(20));
        var late = agent.Noop();
        await agent.Desk.Accept([late]);
        var told = await agent.ToldUntilEnd(run);
        told[^1].Finished!.ErrorCode.ShouldBe("agent_stopped");
        await closing.Within();
        agent.Work.Names().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failure_on_this_side_is_told_as_one()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        await File.WriteAllTextAsync(agent.Home.Attempts, "a file where a directory should be");
        var run = agent.Script("true");
        await agent.Desk.Accept([run]);
        (await agent.ToldUntilEnd(run))[^1].Finished!.ErrorCode.ShouldBe("agent_error");
    }
}
