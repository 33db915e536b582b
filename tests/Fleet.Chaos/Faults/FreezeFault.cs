using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>
/// A process stands still (SIGSTOP), with all its connections open, and goes on as if nothing had been.
/// </summary>
internal sealed class FreezeFault(ChaosFleet fleet, string target) : IFault
{
    private IDisposable? _held;

    public async Task Begin(CancellationToken stop)
    {
        _held = await fleet.Keeper.Hold(target);
        fleet.Processes.Freeze(target);
    }

    public Task End(CancellationToken stop)
    {
        using (_held)
            fleet.Processes.Thaw(target);
        return Task.CompletedTask;
    }
}
