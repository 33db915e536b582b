using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Restarts;

/// <summary>
/// Controls, edges and agents are replaced one by one by those of another checkout, as the document says. That one is a copy of
/// this build: what changes between two versions is not looked at here.
/// </summary>
[Collection(TwoDoors.Name)]
public sealed class UpgradeTests(TwoDoors fleet) : IDisposable
{
    private static readonly string[] Replaced = ["control-1", "control-2", "edge-1", "edge-2", "worker-1"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _next = Directory.CreateTempSubdirectory("fleet-next-").FullName;

    public void Dispose() => Directory.Delete(_next, recursive: true);

    [Fact]
    public async Task Every_process_is_replaced_by_one_of_another_checkout_and_no_client_notices()
    {
        await MakeNext();
        await using var balancer = new Balancer(fleet.Scripts.Ports.EdgeUrl, fleet.Scripts.Ports.SecondEdgeUrl);
        await using var crowd = await Crowd.Come(fleet, balancer, agentsStay: false);
        try
        {
            foreach (var process in Replaced)
            {
                var said = await fleet.Scripts.Type($"'{_next}'/compose/restart.sh {process}", new Dictionary<string, string>());
                said.ShouldNotContain("killed");
                new FileInfo($"/proc/{fleet.Home.Pid(process)}/cwd").LinkTarget!.ShouldStartWith(_next);
            }

            await crowd.Leave();
        }
        finally
        {
            foreach (var process in Replaced)
                await fleet.Scripts.Restart(process);
        }
    }

    private async Task MakeNext()
    {
        File.SetUnixFileMode(_next, (UnixFileMode)0x1ED); // 0755: the processes' users read what was built
        string[] parts = ["compose", "src", "rabbitmq.conf"];
        var copy = string.Join(' ', parts.Select(name => $"'{Checkout.Root}/{name}'"));
        var programs = string.Join(' ', ((string[])["Control", "Edge", "Worker"]).Select(name => $"'{Checkout.Root}/.artifacts/bin/Fleet.{name}'"));
        var lines = $"umask 022\ncp -R {copy} '{_next}'\nmkdir -p '{_next}/.artifacts/bin'\ncp -R {programs} '{_next}/.artifacts/bin'";
        await Shell.Run("bash", ["-ec", lines], new Dictionary<string, string>(), Patience);
    }
}
