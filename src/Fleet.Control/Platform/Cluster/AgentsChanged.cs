using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Platform.Cluster;

/// <summary>
/// Says that an agent came, went or changed: whichever process dispatches looks at leases and at waiting work now, and
/// not at its next round.
/// </summary>
internal sealed class AgentsChanged(IEnumerable<ILeaseWatch> leases, WorkSignal work, Wakes wakes)
{
    public void Tell()
    {
        Heard();
        wakes.TellAgentsChanged();
    }

    /// <summary>Another process said so.</summary>
    public void Heard()
    {
        foreach (var watch in leases)
            watch.LookNow();
        work.Set();
    }
}
