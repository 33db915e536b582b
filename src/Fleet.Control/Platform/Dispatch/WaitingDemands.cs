using Fleet.Control.Platform.Models;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Demands with work for which there was no slot when it was last looked at. Asked about each piece of work that becomes
/// ready, so it allocates nothing but for model calls.
/// </summary>
internal sealed class WaitingDemands
{
    private readonly HashSet<DemandClass> _waiting = [];

    /// <param name="capability">Null means of any.</param>
    public bool Any(string? capability = null)
    {
        if (capability is null)
            return _waiting.Count > 0;
        foreach (var demand in _waiting)
        {
            if (demand.Capability == capability)
                return true;
        }

        return false;
    }

    public void Add(DemandClass demand) => _waiting.Add(demand);

    public void Remove(DemandClass demand) => _waiting.Remove(demand);

    public void Clear() => _waiting.Clear();

    public bool WouldBeOvertakenBy(DemandClass demand, IReadOnlyList<ReadyAgent> agents)
    {
        foreach (var waiting in _waiting)
        {
            if (waiting.Capability == demand.Capability && (demand.Model is null || ModelPlaces.Any(agents, waiting, demand)))
                return true;
        }

        return false;
    }
}
