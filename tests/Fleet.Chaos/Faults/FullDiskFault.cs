using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>One agent's work directory has no byte left.</summary>
internal sealed class FullDiskFault(ChaosFleet fleet) : IFault
{
    public string? WhyNot => fleet.Disk is null ? "there is no small file system" : null;

    public Task Begin(CancellationToken stop)
    {
        fleet.Disk!.Fill();
        return Task.CompletedTask;
    }

    public Task End(CancellationToken stop)
    {
        fleet.Disk!.Empty();
        return Task.CompletedTask;
    }
}
