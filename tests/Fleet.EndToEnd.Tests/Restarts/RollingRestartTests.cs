using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Restarts;

/// <summary>Controls and edges are restarted one after the other, and nobody outside notices.</summary>
[Collection(TwoDoors.Name)]
public sealed class RollingRestartTests(TwoDoors fleet)
{
    private const int Rounds = 3;

    [Fact]
    public async Task Rolling_restarts_are_seen_by_no_client_and_lose_no_entry_of_a_stream()
    {
        await using var balancer = new Balancer(fleet.Scripts.Ports.EdgeUrl, fleet.Scripts.Ports.SecondEdgeUrl);
        await using var crowd = await Crowd.Come(fleet, balancer);
        await using var host = new SocketVisitor(fleet, balancer);
        using var client = new FleetClient(fleet.Scripts.Ports.EdgeUrl, fleet.Home.AdminKey, balancer.Before);
        await host.Come();
        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Restart("control-1"), Restart("edge-2"), host.BackUp(client));
            await Task.WhenAll(Restart("control-2"), Restart("edge-1"), host.BackUp(client));
        }

        await crowd.Leave();
        crowd.Accepted.ShouldBeGreaterThan(Rounds * 20);
    }

    private async Task Restart(string process) => (await fleet.Scripts.Restart(process)).ShouldNotContain("killed");
}
