using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>The broker believes that it has no memory left, and lets publishers wait.</summary>
internal sealed class BrokerAlarmFault(ChaosFleet fleet) : IFault
{
    private const double None = 0.0000001;

    /// <summary>As in the project's <c>rabbitmq.conf</c>.</summary>
    private const double Usual = 0.4;

    private IDisposable? _held;

    public string? WhyNot => BrokerTools.WhyNoTool;

    public async Task Begin(CancellationToken stop)
    {
        _held = await fleet.Keeper.Hold("rabbitmq");
        await fleet.Broker.SetMemoryWatermark(None);
    }

    public async Task End(CancellationToken stop)
    {
        using (_held)
            await fleet.Broker.SetMemoryWatermark(Usual);
    }
}
