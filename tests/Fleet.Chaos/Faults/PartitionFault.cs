using Fleet.Chaos.Proxy;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>The island's agent reaches nobody, and nobody reaches it.</summary>
internal sealed class PartitionFault(ChaosFleet fleet) : IFault
{
    private readonly WeatherFault _relays = new(fleet.Links, fleet.IslandAgent, Stall);

    public Task Begin(CancellationToken stop) => fleet.Island?.Cut() ?? _relays.Begin(stop);

    public Task End(CancellationToken stop) => fleet.Island?.Join() ?? _relays.End(stop);

    private static void Stall(Weather weather) => weather.StallsUp = weather.StallsDown = true;
}
