using System.Text;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Work;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Attempts;

public class AttemptDispatcherTests
{
    [Fact]
    public async Task A_command_is_told_from_start_to_end_and_leaves_nothing()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Script("echo hello; echo '::progress 0.5 half'; echo '[1]' > $FLEET_RESULT_FILE");
        await agent.Dispatcher.Accept([run]);
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
        await agent.Dispatcher.Accept(runs);
        agent.Work.Names().Count.ShouldBe(500);
        await agent.Reporter.StartAsync(default);
        var report = await agent.Exchange.Next();
        report.Attempts.Select(news => news.WorkId).ShouldBe(runs.Select(run => run.WorkId));
        report.Attempts.ShouldAllBe(news => news.Started && news.Finished!.Outcome == AttemptOutcome.Succeeded);
        Directory.Exists(agent.Home.Attempts).ShouldBeFalse();
    }

    [Fact]
    public async Task A_model_call_is_told_from_start_to_end_and_has_no_directory()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Run("inference", SpecJson.Write(ModelCalls.Chat("hello"))) with { Upstream = "elsewhere" };
        await agent.Dispatcher.Accept([run]);
        var told = await agent.ToldUntilEnd(run);
        told[0].Started.ShouldBeTrue();
        told[^1].Finished!.ErrorCode.ShouldBe(AttemptErrors.UpstreamUnreachable);
        told[^1].Finished!.ErrorMessage.ShouldNotBeNull().ShouldContain("elsewhere");
        Directory.Exists(agent.Home.Attempts).ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_attempt_twice_runs_once()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Noop();
        await agent.Dispatcher.Accept([run]);
        await agent.ToldUntilEnd(run);
        await Eventually.True(() => agent.Work.Names().Count == 0, "the end is confirmed");
        await agent.Dispatcher.Accept([run]);
        agent.Work.Names().ShouldBeEmpty();
        agent.Exchange.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task What_another_session_was_told_is_ignored()
    {
        await using var agent = new AgentParts();
        agent.Enter();
        await agent.Dispatcher.Accept([agent.Run("noop", session: Guid.NewGuid())]);
        agent.Work.Names().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_running_attempt_is_stopped()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Script("echo ready; sleep 1000");
        await agent.Dispatcher.Accept([run]);
        for (var wrote = false; !wrote;)
        {
            var report = await agent.Exchange.Next();
            wrote = report.Attempts.Any(news => news.Output is not null);
            agent.Reporter.Confirm(report.Number);
        }

        agent.Dispatcher.Stop(new StopAttempt(run.WorkId, run.Kind, run.Attempt, 5));
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
        agent.Dispatcher.Stop(new StopAttempt(run.WorkId, run.Kind, run.Attempt, 5));
        var told = await agent.ToldUntilEnd(run);
        told.Single().Finished!.Outcome.ShouldBe(AttemptOutcome.Cancelled);

        await agent.Dispatcher.Accept([run]);
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
        await agent.Dispatcher.Accept([run]);
        agent.Dispatcher.Stop(new StopAttempt(run.WorkId, run.Kind, run.Attempt, 5));
        (await agent.ToldUntilEnd(run))[^1].Finished!.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        agent.Dispatcher.Stop(new StopAttempt(run.WorkId, run.Kind, run.Attempt, 5));
        agent.Exchange.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_kind_fails_with_a_sentence()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Run("divination");
        await agent.Dispatcher.Accept([run]);
        var end = (await agent.ToldUntilEnd(run))[^1].Finished!;
        end.ErrorCode.ShouldBe("start_failed");
        end.ErrorMessage.ShouldNotBeNull().ShouldContain("divination");
    }

    [Theory]
    [InlineData("command", "{\"program\":[]}")]
    [InlineData("command", "")]
    [InlineData("command", null)]
    [InlineData("inference", "no JSON at all")]
    [InlineData("inference", "null")]
    [InlineData("inference", "{\"operation\":\"chat\"}")]
    [InlineData("inference", "{\"operation\":\"chat\",\"model\":null}")]
    public async Task What_cannot_be_read_fails_for_good_and_never_starts(string kind, string? specJson)
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Run(kind, specJson!);
        await agent.Dispatcher.Accept([run]);
        var told = (await agent.ToldUntilEnd(run)).ShouldHaveSingleItem();
        told.Kind.ShouldBe(kind);
        told.Started.ShouldBeFalse();
        told.Finished!.Outcome.ShouldBe(AttemptOutcome.Failed);
        told.Finished.IsFinal.ShouldBeTrue();
        told.Finished.ErrorMessage.ShouldNotBeNull().ShouldContain($"in the words of the kind '{kind}'");
        Directory.Exists(agent.Home.Attempts).ShouldBeFalse();
    }

    [Fact]
    public async Task Closing_ends_what_runs_and_tells_it()
    {
        await using var agent = new AgentParts();
        await agent.Begin();
        var run = agent.Script("trap '' TERM; while :; do sleep 0.05; done");
        await agent.Dispatcher.Accept([run]);
        var closing = agent.Dispatcher.Close(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(20));
        var late = agent.Noop();
        await agent.Dispatcher.Accept([late]);
        var told = await agent.ToldUntilEnd(run, late);
        told.Single(news => news.WorkId == run.WorkId && news.Finished is not null).Finished!.ErrorCode.ShouldBe("agent_stopped");
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
        await agent.Dispatcher.Accept([run]);
        (await agent.ToldUntilEnd(run))[^1].Finished!.ErrorCode.ShouldBe("agent_error");
    }
}
