using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Work.Attempts;

namespace Fleet.Control.Platform.Cluster;

/// <summary>
/// Says that an agent came, went or changed: whichever process dispatches looks at leases and at waiting work now, and
/// not at its next round.
/// </summary>
internal sealed class AgentsChanged(
    LeaseWatch leases, WorkSignal work, ClusterNotifier wakes, IEnumerable<IAgentsListener> listeners)
{
    public void Tell()
    {
        Heard();
        wakes.TellAgentsChanged();
    }

    /// <summary>Another process said so.</summary>
    public void Heard()
    {
        leases.LookNow();
        work.Set();
        foreach (var listener in listeners)
            listener.AgentsChanged();
    }
}

/// <summary>Is told, here and in every other Control, when an agent came, went or changed.</summary>
internal interface IAgentsListener
{
    /// <summary>Returns at once.</summary>
    void AgentsChanged();
}
