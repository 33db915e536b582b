using Fleet.Contracts.Agents;
using Fleet.Worker.Agents;
using Fleet.Worker.Platform;
using Fleet.Worker.Platform.Leases;
using Fleet.Worker.Tests.Support;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

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
        request.Authorization.ShouldBe("Bearer the-key");
        request.Body.ShouldContain($"\"session\":\"{agent.Session.Id}\"");
        request.Body.ShouldContain("\"slots\":{\"command\":7}");
        request.Body.ShouldContain("\"labels\":{\"gpu\":\"a100\"}");
    }

    [Fact]
    public async Task Nothing_is_said_before_the_queue_is_there()
    {
        await using var control = await FakeControl.Start();
        using var agent = new Registering(control.Url);
        control.Requests.ShouldBeEmpty();
        agent.Session.Known.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Each_return_of_the_queue_registers_the_same_session_again()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (200, Welcome);
        using var agent = new Registering(control.Url);
        var watch = new EndpointWatch(agent.Session);
        await watch.Ready(null!);
        await Eventually.True(() => control.Requests.Count == 1, "registered");
        await watch.Ready(null!);
        await Eventually.True(() => control.Requests.Count == 2, "registered again");
        control.Requests.First().Body.ShouldBe(control.Requests.Last().Body);
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
    public async Task An_agent_that_is_wrong_about_itself_stops()
    {
        await using var control = await FakeControl.Start();
        control.Answer = _ => (400, """{"detail":"labels"}""");
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
                Key = "the-key",
                Control = url,
                Slots = new() { ["command"] = 7, ["noop"] = 0 },
                Labels = new() { ["gpu"] = "a100" },
            };
            _control = new ControlClient(settings);
            Session = new AgentSession(settings, new Lease(TimeProvider.System, settings));
            Client = new RegistrationClient(_control, Session, settings);
            _loop = new Registration(Session, Client, Host, NullLogger<Registration>.Instance);
            _loop.StartAsync(default);
        }

        public AgentSession Session { get; }

        public RegistrationClient Client { get; }

        public FakeHost Host { get; } = new();

        public void Dispose()
        {
            _loop.Dispose();
            _control.Dispose();
        }
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
