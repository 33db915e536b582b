using Fleet.Worker.Agents;
using Fleet.Worker.Platform.Files;
using Fleet.Worker.Platform.Sessions;
using Fleet.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Agents;

public sealed class EnrolmentTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("fleet-worker-").FullName;
    private FakeControl _control = null!;

    public async Task InitializeAsync() => _control = await FakeControl.Start();

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await DirectoryTree.Delete(_home);
    }

    private string TokenFile => Path.Combine(_home, "agent.token");

    [Fact]
    public async Task A_one_time_token_becomes_the_agents_own()
    {
        _control.Answer = _ => (201, """{"agent":"tester","agent_token":"fleet_agent_x"}""");
        using var host = new Host(this, settings => settings.EnrolmentToken = "fleet_enrol_x");
        host.Enrolment.IsNeeded.ShouldBeTrue();
        (await host.Enrolment.Enrol(default)).ShouldBeOfType<Enrolled>();
        var request = _control.Requests.Single();
        (request.Method, request.Target, request.Authorization)
            .ShouldBe(("POST", "/v1/agents/tester/enrolment", "Bearer fleet_enrol_x"));
        host.Enrolment.IsNeeded.ShouldBeFalse();
        host.Control.Token.ShouldBe("fleet_agent_x");
        File.GetUnixFileMode(TokenFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var later = new Host(this);
        later.Control.Token.ShouldBe("fleet_agent_x"); // another run of the process
    }

    [Fact]
    public async Task A_refused_token_is_not_shown_again_but_another_one_is()
    {
        _control.Answer = _ => (401, "used");
        var file = Path.Combine(_home, "one-time");
        await File.WriteAllTextAsync(file, "fleet_enrol_1\n");
        using var host = new Host(this, settings => settings.EnrolmentTokenFile = file);
        (await host.Enrolment.Enrol(default)).ShouldBeOfType<KeyRefused>();
        (await host.Enrolment.Enrol(default)).ShouldBeOfType<KeyRefused>();
        _control.Requests.Count.ShouldBe(1);
        host.Enrolment.IsPossible.ShouldBeFalse();
        _control.Answer = _ => (201, """{"agent":"tester","agent_token":"fleet_agent_x"}""");
        await File.WriteAllTextAsync(file, "fleet_enrol_2\n");
        (await host.Enrolment.Enrol(default)).ShouldBeOfType<Enrolled>();
    }

    [Fact]
    public async Task A_host_without_a_token_announces_itself_once_and_asks_until_it_is_approved()
    {
        using var host = new Host(this);
        _control.Answer = _ => (202, """{"announcement_id":"A1","claim_secret":"s1","fingerprint":"f","expires_at":"2030-01-01T00:00:00Z"}""");
        (await host.Enrolment.Enrol(default)).ShouldBeOfType<Undecided>();
        var announced = _control.Requests.Single();
        announced.Target.ShouldBe("/v1/agents/announcements");
        announced.Authorization.ShouldBeEmpty();
        announced.Body.ShouldContain("\"name\":\"tester\"");
        File.GetUnixFileMode(Path.Combine(_home, "agent.claim")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        using var later = new Host(this); // even over a restart
        _control.Answer = _ => (202, """{"state":"pending"}""");
        (await later.Enrolment.Enrol(default)).ShouldBeOfType<Undecided>();
        (_control.Requests.Last().Target, _control.Requests.Last().Authorization)
            .ShouldBe(("/v1/agents/announcements/A1/claim", "Bearer s1"));

        _control.Answer = _ => (201, """{"agent":"tester","agent_token":"fleet_agent_x"}""");
        (await later.Enrolment.Enrol(default)).ShouldBeOfType<Enrolled>();
        File.Exists(Path.Combine(_home, "agent.claim")).ShouldBeFalse();
        later.Control.Token.ShouldBe("fleet_agent_x");
    }

    [Fact]
    public async Task A_claim_whose_time_is_over_is_announced_anew()
    {
        using var host = new Host(this);
        await File.WriteAllTextAsync(Path.Combine(_home, "agent.claim"), "A1 s1 f");
        _control.Answer = _ => (401, "gone");
        (await host.Enrolment.Enrol(default)).ShouldBeOfType<Undecided>();
        _control.Answer = _ => (202, """{"announcement_id":"A2","claim_secret":"s2","fingerprint":"f","expires_at":"2030-01-01T00:00:00Z"}""");
        await host.Enrolment.Enrol(default);
        _control.Requests.Last().Target.ShouldBe("/v1/agents/announcements");
    }

    [Fact]
    public async Task A_refused_host_says_so_and_one_with_another_name_stops()
    {
        using var host = new Host(this);
        await File.WriteAllTextAsync(Path.Combine(_home, "agent.claim"), "A1 s1 f");
        _control.Answer = _ => (403, "agent_refused");
        (await host.Enrolment.Enrol(default)).ShouldBeOfType<KeyRefused>();
        _control.Answer = _ => (201, """{"agent":"somebody","agent_token":"fleet_agent_x"}""");
        (await host.Enrolment.Enrol(default)).ShouldBeOfType<RegistrationWrong>().Reason.ShouldContain("somebody");
    }

    [Fact]
    public async Task A_token_from_outside_is_used_as_it_is()
    {
        using var host = new Host(this, settings => (settings.Token, settings.EnrolmentToken) = ("given", "fleet_enrol_x"));
        host.Enrolment.IsNeeded.ShouldBeFalse();
        host.Enrolment.IsPossible.ShouldBeFalse();
        using var answer = await host.Control.Put("v1/agents/tester", new StringContent("{}"), TimeSpan.FromSeconds(5), default);
        _control.Requests.Single().Authorization.ShouldBe("Bearer given");
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_control_plane_that_is_busy_or_away_is_tried_again(int status)
    {
        _control.Answer = _ => (status, "");
        using var host = new Host(this);
        (await host.Enrolment.Enrol(default)).ShouldBeOfType<ControlAway>();
        using var other = new Host(this, settings => settings.EnrolmentToken = "fleet_enrol_x");
        (await other.Enrolment.Enrol(default)).ShouldBeOfType<ControlAway>();
        other.Enrolment.IsPossible.ShouldBeTrue();
    }

    private sealed class Host : IDisposable
    {
        public Host(EnrolmentTests test, Action<WorkerSettings>? adjust = null)
        {
            var settings = new WorkerSettings { Name = "tester", Control = test._control.Url, WorkDirectory = test._home };
            adjust?.Invoke(settings);
            Control = new ControlClient(settings);
            Enrolment = new Enrolment(Control, settings, NullLogger<Enrolment>.Instance);
        }

        public ControlClient Control { get; }

        public Enrolment Enrolment { get; }

        public void Dispose() => Control.Dispose();
    }
}
