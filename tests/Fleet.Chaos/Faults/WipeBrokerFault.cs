using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>The broker loses all it ever knew: users, queues, bindings, messages.</summary>
internal sealed class WipeBrokerFault(ChaosFleet fleet) : IFault
{
    private IDisposable? _held;

    public async Task Begin(CancellationToken stop)
    {
        _held = await fleet.Keeper.Hold("rabbitmq");
        await fleet.Processes.Kill("rabbitmq");
        fleet.Broker.Wipe();
    }

    public async Task End(CancellationToken stop)
    {
        using (_held)
            await fleet.Keeper.Restart("rabbitmq", stop);
    }
}
