using System.Net.Sockets;
using Fleet.Contracts.Agents;
using Fleet.Hosting;
using Fleet.Worker.Agents;
using Fleet.Worker.Platform.Leases;
using Fleet.Worker.Platform.Sessions;
using Fleet.Worker.Tests.Support;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RabbitMQ.Client;

namespace Fleet.Worker.Tests.Agents;

public class RegistrationTests
{
    private const string Welcome = """{"agent":"tester","heartbeat_seconds":600,"lease_seconds":1800.5}""";

    [Fact]
    public async Task An_agent_says_who_it_is_and_learns_the_rhythm()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (200, Welcome);
        using var agent = new Registering(control.Url);
        agent.Session.RegistrationDue.Raise();
        await agent.Session.Known.Within();
        agent.Session.Welcome.ShouldBe(new AgentWelcome("tester", 600, 1800.5));
        var request = control.Requests.Single();
        request.Method.ShouldBe("PUT");
        request.Target.ShouldBe("/v1/agents/tester");
        request.Authorization.ShouldBe("Bearer the-token");
        request.Body.ShouldContain($"\"session\":\"{agent.Session.Id}\"");
        request.Body.ShouldContain("\"slots\":{\"command\":7}");
        request.Body.ShouldContain("\"labels\":{\"gpu\":\"a100\",\"answers\":\"ping,log,packages\",\"holds\":\"schedules\"}");
    }

    [Fact]
    public async Task Nothing_is_said_before_somebody_needs_it()
    {
        await using var control = await FakeControl.Start();
        using var agent = new Registering(control.Url);
        control.Requests.ShouldBeEmpty();
        agent.Session.Known.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_queue_that_cannot_be_read_makes_the_same_session_register_again()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (200, Welcome);
        using var agent = new Registering(control.Url);
        var watch = new EndpointWatch(agent.Session, agent.Broker);
        await watch.Faulted(new Fault(null));
        await Eventually.True(() => control.Requests.Count == 1, "registered");
        await watch.Faulted(new Fault(null));
        await Eventually.True(() => control.Requests.Count == 2, "registered again");
        control.Requests.First().Body.ShouldBe(control.Requests.Last().Body);
    }

    [Fact]
    public async Task Control_hears_why_the_broker_cannot_be_reached_until_it_is()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (200, Welcome);
        using var agent = new Registering(control.Url);
        var watch = new EndpointWatch(agent.Session, agent.Broker);
        var cause = new SocketException((int)SocketError.ConnectionRefused);
        await watch.Faulted(new Fault(new RabbitMqConnectionException("away", cause)));
        await Eventually.True(() => control.Requests.Count == 1, "registered");
        control.Requests.Last().Body.ShouldContain("\"broker_trouble\":\"127.0.0.1:5672: Connection refused.\"");
        await watch.Ready(null!);
        agent.Session.RegistrationDue.Raise();
        await Eventually.True(() => control.Requests.Count == 2, "registered again");
        control.Requests.Last().Body.ShouldNotContain("broker_trouble");
    }

    [Fact]
    public async Task Each_connection_to_the_broker_is_preceded_by_a_registration()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (200, Welcome[..^1] + $",\"broker\":{{\"user\":\"agent-tester\",\"password\":\"p{control.Requests.Count}\"}}}}");
        using var agent = new Registering(control.Url);
        var broker = new BrokerAuthenticator(agent.Session, new RabbitSettings());
        var (one, two) = (new ConnectionFactory(), new ConnectionFactory());
        await Task.WhenAll(broker.LogIn(one), broker.LogIn(two)).Within();
        (one.UserName, one.Password).ShouldBe(("agent-tester", "p1"));
        two.Password.ShouldBe("p1"); // both buses connect at once: one registration serves both
        agent.Clock.Advance(TimeSpan.FromSeconds(2.1));
        await broker.LogIn(one).Within();
        one.Password.ShouldBe("p2");
    }

    [Fact]
    public async Task Without_a_login_of_its_own_the_agent_uses_its_settings()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (200, Welcome);
        using var agent = new Registering(control.Url);
        var factory = new ConnectionFactory { UserName = "of-the-settings" };
        await new BrokerAuthenticator(agent.Session, new RabbitSettings { User = "of-the-settings" }).LogIn(factory).Within();
        factory.UserName.ShouldBe("of-the-settings");
    }

    [Fact]
    public async Task Without_any_login_it_says_which_setting_is_missing()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (200, Welcome);
        using var agent = new Registering(control.Url);
        var broker = new BrokerAuthenticator(agent.Session, new RabbitSettings());
        var refused = await Should.ThrowAsync<RabbitMqConnectionException>(() => broker.LogIn(new ConnectionFactory()).Within());
        refused.Message.ShouldContain("Broker:ManagementUrl");
    }

    [Fact]
    public async Task A_control_plane_that_is_away_is_tried_again()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => control.Requests.Count switch
        {
            1 => (503, ""),
            2 => (200, "<html>"),
            _ => (200, Welcome),
        };
        using var agent = new Registering(control.Url);
        agent.Session.RegistrationDue.Raise();
        await agent.Session.Known.Within();
        control.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(401, typeof(KeyRefused))]
    [InlineData(403, typeof(KeyRefused))]
    [InlineData(400, typeof(RegistrationWrong))]
    [InlineData(429, typeof(ControlAway))]
    [InlineData(404, typeof(ControlAway))]
    [InlineData(302, typeof(ControlAway))]
    [InlineData(409, typeof(KeyRefused))]
    public async Task Each_refusal_has_its_meaning(int status, Type meaning)
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (status, "because");
        using var agent = new Registering(control.Url);
        var answer = await agent.Client.Register(default);
        answer.ShouldBeOfType(meaning);
        answer.ToString().ShouldContain($"{status} because");
    }

    [Fact]
    public async Task An_agent_that_is_revoked_has_nothing_in_hand_any_more()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (200, Welcome);
        using var agent = new Registering(control.Url);
        agent.Session.RegistrationDue.Raise();
        await agent.Session.Known.Within();
        agent.Session.Lease.IsHeld.ShouldBeTrue();
        control.Answer = _ => (401, "revoked");
        agent.Session.RegistrationDue.Raise();
        await Eventually.True(() => !agent.Session.Lease.IsHeld, "the lease is over");
    }

    [Theory]
    [InlineData(400, """{"detail":"labels"}""")]
    [InlineData(409, """{"code":"session_superseded"}""")]
    public async Task An_agent_that_is_wrong_about_itself_or_was_followed_stops(int status, string body)
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (status, body);
        using var agent = new Registering(control.Url);
        agent.Session.RegistrationDue.Raise();
        await agent.Host.Stopping.Within();
        Environment.ExitCode.ShouldBe(78);
        Environment.ExitCode = 0;
    }

    /// <summary>The registration loop alone.</summary>
    private sealed class Registering : IDisposable
    {
        private readonly ControlClient _control;
        private readonly Registration _loop;

        public Registering(string url)
        {
            var settings = new WorkerSettings
            {
                Name = "tester",
                Token = "the-token",
                Control = url,
                Slots = new() { ["command"] = 7, ["noop"] = 0 },
                Labels = new() { ["gpu"] = "a100" },
            };
            _control = new ControlClient(settings);
            Session = new AgentSession(settings, new Lease(Clock, settings), Clock);
            Client = new RegistrationClient(_control, Session, Broker, settings);
            var enrolment = new Enrolment(_control, settings, NullLogger<Enrolment>.Instance);
            _loop = new Registration(Session, Client, enrolment, Broker, Host, NullLogger<Registration>.Instance);
            _loop.StartAsync(default);
        }

        public FakeTimeProvider Clock { get; } = new();

        public AgentSession Session { get; }

        public BrokerReach Broker { get; } = new(new RabbitSettings(), new FakeTimeProvider(), NullLogger<BrokerReach>.Instance);

        public RegistrationClient Client { get; }

        public FakeHost Host { get; } = new();

        public void Dispose()
        {
            _loop.Dispose();
            _control.Dispose();
        }
    }

    private sealed record Fault(Exception? Exception) : ReceiveEndpointFaulted
    {
        public Uri InputAddress => new("rabbitmq://127.0.0.1/agent-tester");

        public IReceiveEndpoint ReceiveEndpoint => null!;
    }

    private sealed class FakeHost : IHostApplicationLifetime
    {
        private readonly TaskCompletionSource _stopping = new();

        public Task Stopping => _stopping.Task;

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _stopping.TrySetResult();
    }
}
