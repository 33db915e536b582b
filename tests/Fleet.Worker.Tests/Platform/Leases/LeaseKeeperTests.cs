using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.Processes;
using Fleet.Worker.Tests.Support;

namespace Fleet.Worker.Tests.Platform.Leases;

public class LeaseKeeperTests
{
    [Fact]
    public async Task What_runs_when_the_lease_ends_is_ended_and_told_as_lost()
    {
        await using var agent = new AgentParts();
        await agent.Begin(leaseSeconds: 45);
        var run = agent.Script("trap '' TERM; echo ready; setsid sleep 1000 & while :; do sleep 0.05; done");
        await agent.Dispatcher.Accept([run]);
        await Ready(agent);
        var group = agent.Work.All().Single().Child.ShouldNotBeNull().Group;

        agent.Clock.Advance(TimeSpan.FromSeconds(35));
        agent.Keeper.Look();
        ProcessTable.Find(group)!.Value.IsAlive.ShouldBeTrue("the lease still lasts");
        agent.Clock.Advance(TimeSpan.FromSeconds(1.1));
        agent.Keeper.Look();

        var told = await agent.ToldUntilEnd(run);
        told[^1].Finished!.ErrorCode.ShouldBe("lease_lost");
        ProcessTable.Read().ShouldNotContain(process => process.IsAlive && process.Group == group);
    }

    [Fact]
    public async Task What_the_guard_killed_is_told_as_lost_and_not_as_killed()
    {
        await using var agent = new AgentParts();
        await agent.Begin(leaseSeconds: 45);
        var run = agent.Script("echo ready; sleep 1000");
        await agent.Dispatcher.Accept([run]);
        await Ready(agent);
        agent.Clock.Advance(TimeSpan.FromSeconds(60));
        agent.Work.All().Single().Child!.Kill();
        (await agent.ToldUntilEnd(run))[^1].Finished!.ErrorCode.ShouldBe("lease_lost");
    }

    [Fact]
    public async Task What_succeeded_succeeded()
    {
        await using var agent = new AgentParts();
        await agent.Begin(leaseSeconds: 45);
        var late = agent.Script("echo ready; sleep 0.3");
        await agent.Dispatcher.Accept([late]);
        await Ready(agent);
        agent.Clock.Advance(TimeSpan.FromSeconds(60));
        (await agent.ToldUntilEnd(late))[^1].Finished!.Outcome.ShouldBe(AttemptOutcome.Succeeded);
    }

    [Fact]
    public async Task What_was_begun_before_the_lease_was_over_is_ended_though_it_is_held_again()
    {
        await using var agent = new AgentParts();
        await agent.Begin(leaseSeconds: 45);
        var (killed, forgotten) = (agent.Script("echo ready; sleep 1000"), agent.Script("sleep 1000"));
        await agent.Dispatcher.Accept([killed]);
        await Ready(agent);
        agent.Clock.Advance(TimeSpan.FromSeconds(60));
        agent.Session.Lease.Sending(7);
        agent.Session.Lease.Stored(7); // before anybody looked
        agent.Work.All().Single().Child!.Kill();
        (await agent.ToldUntilEnd(killed))[^1].Finished!.ErrorCode.ShouldBe("lease_lost", "the guard did that");

        await agent.Dispatcher.Accept([forgotten with { Beat = 7 }]);
        agent.Clock.Advance(TimeSpan.FromSeconds(60));
        agent.Session.Lease.Sending(8);
        agent.Session.Lease.Stored(8);
        agent.Keeper.Look();
        (await agent.ToldUntilEnd(forgotten))[^1].Finished!.ErrorCode.ShouldBe("lease_lost");
    }

    [Fact]
    public async Task Nothing_starts_without_a_lease_and_a_stored_beat_brings_it_back()
    {
        await using var agent = new AgentParts();
        await agent.Begin(leaseSeconds: 45);
        agent.Clock.Advance(TimeSpan.FromSeconds(60));
        agent.Keeper.Look();
        var refused = agent.Noop();
        await agent.Dispatcher.Accept([refused]);
        (await agent.ToldUntilEnd(refused))[^1].Finished!.ErrorCode.ShouldBe("too_late");

        agent.Session.Lease.Sending(7);
        agent.Session.Lease.Stored(7);
        var stale = agent.Noop(); // said before the lease was over
        await agent.Dispatcher.Accept([stale]);
        (await agent.ToldUntilEnd(stale))[^1].Finished!.ErrorCode.ShouldBe("too_late");
        var taken = agent.Noop() with { Beat = 7 };
        await agent.Dispatcher.Accept([taken]);
        (await agent.ToldUntilEnd(taken))[^1].Finished!.Outcome.ShouldBe(AttemptOutcome.Succeeded);
    }

    [Fact]
    public async Task The_guard_waits_before_the_first_process_starts()
    {
        await using var agent = new AgentParts();
        await agent.Begin(leaseSeconds: 45);
        agent.LeaseGuard.IsArmed.ShouldBeFalse();
        await agent.Dispatcher.Accept([agent.Script("echo ready; sleep 1000")]);
        await Ready(agent); // and nobody looked after the lease
        agent.LeaseGuard.IsArmed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_process_whose_lease_ended_on_its_way_does_not_start()
    {
        await using var agent = new AgentParts();
        await agent.Begin(leaseSeconds: 45);
        agent.Keeper.Cover().ShouldBeTrue();
        agent.Clock.Advance(TimeSpan.FromSeconds(60));
        agent.Keeper.Cover().ShouldBeFalse();
    }

    private static async Task Ready(AgentParts agent)
    {
        for (var wrote = false; !wrote;)
        {
            var report = await agent.Exchange.Next();
            wrote = report.Attempts.Any(news => news.Output is not null);
            agent.Reporter.Confirm(report.Number);
        }
    }
}
