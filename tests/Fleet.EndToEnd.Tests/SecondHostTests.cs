using System.Net;
using System.Net.Security;
using Fleet.EndToEnd.Tests.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// A second host from one pasted command. It reaches two ports of the fleet, both with TLS, and nothing else; needs root.
/// </summary>
public sealed class SecondHostTests : IAsyncLifetime
{
    private const string Name = "web-1";

    private OtherHost _host = null!;
    private TlsFleet _fleet = null!;

    public async Task InitializeAsync()
    {
        _host = await OtherHost.Make();
        try
        {
            _fleet = new TlsFleet(_host.Here);
            await _fleet.InitializeAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        if (_fleet is not null)
            await _fleet.DisposeAsync();
        if (_host is not null)
            await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_pasted_command_makes_an_agent_that_does_work_until_it_is_revoked()
    {
        var (edge, broker) = (_fleet.EdgePort, _fleet.BrokerPort);
        var plain = _fleet.Scripts.Ports;
        foreach (var closed in (int[])[plain.Edge, plain.Control, plain.Rabbit, plain.RabbitUi, plain.Postgres])
            (await _host.Paste($"curl -sk http://{_host.Here}:{closed}/ || echo code $?")).ShouldBe("code 7\n", "no such door");
        (await _host.Paste($"curl -s --max-time 5 https://{_host.Here}:{edge}/health/live || echo code $?"))
            .ShouldBe("code 60\n", "nobody else's authority made this certificate");

        var refused = await Should.ThrowAsync<BrokerUnreachableException>(LogIn);
        refused.ToString().ShouldContain("ACCESS_REFUSED", Case.Sensitive, "this login counts on the broker's machine alone");

        var command = await Command();
        (await _host.Paste(command)).ShouldContain($"{_host.Disk}/opt/fleet-worker/run");
        File.GetUnixFileMode(Path.Combine(_host.Disk, "etc/fleet-worker/enrolment"))
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await _host.Paste($"cat {_host.Disk}/etc/fleet-worker/env")).ShouldContain($"Rabbit__Port={broker}\n");

        await It_says_why_it_does_not_believe_the_broker();
        _host.StartWorker();
        await Becomes("online");
        (await Show()).Reason.ShouldBeNull();
        await It_works_and_what_it_works_on_is_cancelled();

        using (var revoked = await _fleet.Client.Send(HttpMethod.Post, $"/v1/agents/{Name}/revocation"))
            await revoked.Must(HttpStatusCode.OK);
        await Eventually.True(() => _host.Log.Contains("Control refuses this agent's token", StringComparison.Ordinal), "it hears that");
        (await Show()).State.ShouldBe("revoked");
        var again = await Should.ThrowAsync<InvalidOperationException>(() => _host.Paste(command));
        again.Message.ShouldContain("401", Case.Sensitive, "the token is used up");
    }

    /// <summary>Another fleet's authority in the place of this one's: the edge's word is taken, the broker's is not.</summary>
    private async Task It_says_why_it_does_not_believe_the_broker()
    {
        await _host.Paste($"cd {_host.Disk} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=other "
            + "-keyout /dev/null -out other.pem");
        _host.Edit("etc/fleet-worker/env", "Rabbit__TlsCaFile=", $"Rabbit__TlsCaFile={_host.Disk}/other.pem #");
        _host.StartWorker();
        await Eventually.True(
            async () => (await All()).Any(agent => agent.Reason?.Contains("but not the broker: ", StringComparison.Ordinal) == true),
            "Control knows why");
        var shown = await Show();
        shown.State.ShouldBe("offline");
        shown.Reason!.ShouldContain("no certificate that is believed here", Case.Sensitive);
        await _host.StopWorker();
        _host.Log.Split("The broker cannot be spoken to").Length.ShouldBe(2, _host.Log);
        _host.Log.ShouldNotContain("  at ", Case.Sensitive, $"no trace of a stack in:\n{_host.Log}");
        _host.Edit("etc/fleet-worker/env", $"Rabbit__TlsCaFile={_host.Disk}/other.pem #", "Rabbit__TlsCaFile=");
    }

    private async Task It_works_and_what_it_works_on_is_cancelled()
    {
        var job = await _fleet.Client.Run(JobDraft.Script("hostname; id -u; echo made here >\"$FLEET_ARTIFACTS_DIR/file\"").On(Name));
        (job.State, job.Agent).ShouldBe(("succeeded", Name));
        using (var artifact = await _fleet.Client.Send(HttpMethod.Get, job.Artifacts.ShouldHaveSingleItem().Url))
            (await artifact.Must(HttpStatusCode.OK)).ShouldBe("made here\n");
        var endless = await _fleet.Client.Submit(JobDraft.Script("sleep 1000").On(Name));
        await _fleet.Client.Becomes(endless.JobId, "running");
        (await _fleet.Client.Cancel(endless.JobId)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await _fleet.Client.End(endless.JobId)).State.ShouldBe("cancelled");
    }

    /// <summary>At the broker's door with TLS, as the one who may do everything there.</summary>
    private async Task LogIn()
    {
        var factory = new ConnectionFactory
        {
            HostName = _host.Here,
            Port = _fleet.BrokerPort,
            UserName = _fleet.Home.BrokerLogin.User,
            Password = _fleet.Home.BrokerLogin.Password,
            Ssl = new SslOption
            {
                Enabled = true,
                ServerName = _host.Here,
                AcceptablePolicyErrors = SslPolicyErrors.RemoteCertificateChainErrors,
            },
        };
        await using var connection = await factory.CreateConnectionAsync();
    }

    private async Task<string> Command() => (await _fleet.Scripts.Enrol(Name)).Split('\n').Single(line => line.StartsWith('('));

    private Task<Agent> Show() => _fleet.Client.Get<Agent>($"/v1/agents/{Name}");

    private async Task<IReadOnlyList<Agent>> All() => (await _fleet.Client.Get<PageView<Agent>>("/v1/agents")).Items;

    private Task Becomes(string state) => Eventually.True(async () => (await Show()).State == state, $"{Name} is {state}");

    private sealed record Agent(string Name, string State, string? Reason);

    private sealed class TlsFleet(string address, int edge, int broker) : FleetUnderTest(1, 0, new Dictionary<string, string>
    {
        ["FLEET_TLS"] = "1",
        ["FLEET_LISTEN"] = address,
        ["FLEET_EDGE_TLS_PORT"] = $"{edge}",
        ["FLEET_RABBITMQ_TLS_PORT"] = $"{broker}",
        ["Leases__HeartbeatSeconds"] = "1",
        ["Leases__LeaseSeconds"] = "30",
        ["Leases__AcceptanceSeconds"] = "5",
    })
    {
        public TlsFleet(string address)
            : this(address, Random.Shared.Next(19_500, 19_700), Random.Shared.Next(19_700, 19_900))
        {
        }

        public int EdgePort => edge;

        public int BrokerPort => broker;
    }
}
