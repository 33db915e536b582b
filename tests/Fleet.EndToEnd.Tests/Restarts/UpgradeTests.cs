using System.Reflection;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Restarts;

/// <summary>
/// Controls, edges and agents are replaced one by one by those of another checkout, as the document says. That one is a copy of
/// the same sources which calls itself another version: what changed between two real versions is not looked at here.
/// </summary>
[Collection(TwoDoors.Name)]
public sealed class UpgradeTests(TwoDoors fleet) : IDisposable
{
    private const string Version = "next.of-the-tests";

    private static readonly string[] Programs = ["Fleet.Control", "Fleet.Edge", "Fleet.Worker"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly string _next = Directory.CreateTempSubdirectory("fleet-next-").FullName;

    public void Dispose() => Directory.Delete(_next, recursive: true);

    [Fact]
    public async Task Every_process_is_replaced_by_one_of_another_build_and_no_client_notices()
    {
        await BuildNext();
        await using var balancer = new Balancer(fleet.Scripts.Ports.EdgeUrl, fleet.Scripts.Ports.SecondEdgeUrl);
        await using var crowd = await Crowd.Come(fleet, balancer, agentsStay: false);
        try
        {
            foreach (var process in (string[])["control-1", "control-2", "edge-1", "edge-2", "worker-1"])
            {
                var said = await fleet.Scripts.Type($"'{_next}'/compose/restart.sh {process}", new Dictionary<string, string>());
                said.ShouldNotContain("killed");
                new FileInfo($"/proc/{fleet.Home.Pid(process)}/cwd").LinkTarget!.ShouldStartWith(_next);
            }

            await crowd.Leave();
            var agent = await fleet.Client.Get<AgentVersion>($"/v1/agents/{FleetScripts.Wide}");
            agent.Version.ShouldStartWith(Version);
        }
        finally
        {
            foreach (var process in (string[])["control-1", "control-2", "edge-1", "edge-2", "worker-1"])
                await fleet.Scripts.Restart(process);
        }
    }

    private async Task BuildNext()
    {
        File.SetUnixFileMode(_next, (UnixFileMode)0x1ED); // 0755: the processes' users read what was built
        string[] sources = ["compose", "src", "rabbitmq.conf", "Directory.Packages.props", ".editorconfig"];
        var copy = string.Join(' ', sources.Select(name => $"'{Checkout.Root}/{name}'"));
        var version = $"-p:InformationalVersion={Version} -p:Version=0.1.1";
        var build = string.Join('\n', Programs.Select(program =>
            $"dotnet build src/{program} -c Release -nologo -v:quiet -nodeReuse:false --tl:off {version}"));
        await Shell.Run(
            "bash", ["-ec", $"umask 022\ncp -R {copy} '{_next}'\ncd '{_next}'\n{build}"],
            new Dictionary<string, string>(), Patience);
        foreach (var program in Programs)
        {
            var built = Path.Combine(_next, ".artifacts/bin", program, "release", $"{program}.dll");
            AssemblyName.GetAssemblyName(built).Version.ShouldBe(new Version(0, 1, 1, 0));
        }
    }

    private sealed record AgentVersion(string Version);
}
