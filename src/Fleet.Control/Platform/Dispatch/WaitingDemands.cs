using Fleet.Control.Platform.Models;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>Demands with work for which there was no slot when it was last looked at.</summary>
internal sealed class WaitingDemands
{
    private readonly HashSet<DemandClass> _waiting = [];

    /// <param name="capability">Null means of any.</param>
    public bool Any(string? capability = null) =>
        capability is null ? _waiting.Count > 0 : _waiting.Any(demand => demand.Capability == capability);

    public void Add(DemandClass demand) => _waiting.Add(demand);

    public void Remove(DemandClass demand) => _waiting.Remove(demand);

    public void Clear() => _waiting.Clear();

    public bool WouldBeOvertakenBy(DemandClass demand, IReadOnlyList<ReadyAgent> agents) =>
        _waiting.Any(waiting => waiting.Capability == demand.Capability
            && (demand.Model is null || ModelPlaces.Any(agents, waiting, demand)));
}
