namespace Fleet.Control.Platform.Dispatch;

/// <summary>The slots of one round: what agents offer less what is taken.</summary>
internal sealed class FreeSlots
{
    private const int MostInOneRound = 1000;

    private readonly IReadOnlyList<ReadyAgent> _agents;
    private readonly Dictionary<(string, string), int> _free = [];

    public FreeSlots(
        IReadOnlyList<ReadyAgent> agents, IReadOnlyDictionary<(string Agent, string Capability), int> busy)
    {
        _agents = agents;
        foreach (var agent in agents)
        {
            foreach (var (capability, slots) in agent.Slots)
                _free[(agent.Name, capability)] = slots - busy.GetValueOrDefault((agent.Name, capability));
        }
    }

    public int RoomFor(WorkLane lane) => Math.Min(
        MostInOneRound, _agents.Where(lane.Accepts).Sum(agent => Math.Max(0, Free(agent, lane.Capability))));

    /// <summary>A slot on the agent that has the most room, or null when there is none left.</summary>
    public ReadyAgent? Take(WorkLane lane)
    {
        ReadyAgent? best = null;
        foreach (var agent in _agents)
        {
            if (lane.Accepts(agent)
                && Free(agent, lane.Capability) > (best is null ? 0 : Free(best, lane.Capability)))
                best = agent;
        }

        if (best is not null)
            _free[(best.Name, lane.Capability)]--;
        return best;
    }

    private int Free(ReadyAgent agent, string capability) => _free.GetValueOrDefault((agent.Name, capability));
}
