using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Agents;
using Fleet.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Agents;

public class HeartbeatTests
{
    [Fact]
    public async Task A_beat_goes_out_at_once_after_a_welcome_and_names_what_is_in_hand()
    {
        await using var agent = new AgentParts();
        using var heartbeat = new Heartbeat(agent.Session, agent.Work, agent.Exchange, agent.Broker, NullLogger<Heartbeat>.Instance);
        await heartbeat.StartAsync(default);
        var run = agent.Noop();
        var accepting = agent.Dispatcher.Accept([run]);
        agent.Work.Names().ShouldBeEmpty("nothing begins before the lease is known");
        agent.Enter();
        await accepting;
        var first = (AgentBeat)(await agent.Exchange.NextMessage()).Message;
        (first.Agent, first.Session, first.Number).ShouldBe(("tester", agent.Session.Id, 1L));
        agent.Session.Enter(new AgentWelcome("tester", 600, 1800), agent.Clock.GetTimestamp());
        var second = (AgentBeat)(await agent.Exchange.NextMessage()).Message;
        second.Number.ShouldBe(2);
        second.InHand.ShouldBe([new AttemptInHand(run.WorkId, 1)]);
        second.Closing.ShouldBeFalse();
        await heartbeat.StopAsync(default);
    }

    [Fact]
    public async Task The_last_beat_says_that_this_process_goes()
    {
        await using var agent = new AgentParts();
        using var heartbeat = new Heartbeat(agent.Session, agent.Work, agent.Exchange, agent.Broker, NullLogger<Heartbeat>.Instance);
        await heartbeat.StartAsync(default);
        agent.Enter();
        ((AgentBeat)(await agent.Exchange.NextMessage()).Message).Closing.ShouldBeFalse();
        await heartbeat.StopAsync(default);
        ((AgentBeat)(await agent.Exchange.NextMessage()).Message).Closing.ShouldBeTrue();
    }

    [Fact]
    public async Task Beats_go_on_in_their_rhythm_also_when_one_is_refused()
    {
        await using var agent = new AgentParts();
        agent.Exchange.Failure = new TimeoutException("away");
        using var heartbeat = new Heartbeat(agent.Session, agent.Work, agent.Exchange, agent.Broker, NullLogger<Heartbeat>.Instance);
        await heartbeat.StartAsync(default);
        agent.Session.Enter(new AgentWelcome("tester", 0.02, 1), agent.Clock.GetTimestamp());
        for (var number = 1; number <= 4; number++)
            ((AgentBeat)(await agent.Exchange.NextMessage()).Message).Number.ShouldBe(number);
        await heartbeat.StopAsync(default);
    }
}
