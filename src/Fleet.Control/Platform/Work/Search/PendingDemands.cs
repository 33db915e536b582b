using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Queue;
using Fleet.Protocol.Filters;
using Npgsql;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>What waits for one agent: it is meant by name, or no other has what the work asks for.</summary>
internal sealed class PendingDemands(NpgsqlDataSource database, WorkAgents agents)
{
    private static readonly Dictionary<string, string[]> None = [];

    /// <summary>By each agent that the filter asks about: the demands that only it serves.</summary>
    public async Task<IReadOnlyDictionary<string, string[]>> Of(Filter filter, CancellationToken stop)
    {
        var names = filter.Conditions.Where(condition => condition.Field == WorkFields.Pending)
            .SelectMany(condition => condition.Values.OfType<TextValue>()).Select(name => name.Text).Distinct().ToList();
        if (names.Count == 0)
            return None;
        var standing = await agents.Standing(stop);
        var waiting = await Waiting(stop);
        return names.ToDictionary(name => name, name => WorkAgents.OnlyFor(name, waiting, standing).ToArray());
    }

    /// <summary>Every demand of what waits, whether it may start already or not.</summary>
    private Task<List<DemandClass>> Waiting(CancellationToken stop) =>
        database.Query(WorkQueue.AllDemands, reader => DemandKey.Read(reader.GetString(0)), stop);
}
