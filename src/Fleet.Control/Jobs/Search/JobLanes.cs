using Fleet.Control.Platform.Dispatch;
using Fleet.Protocol.Filters;
using Npgsql;

namespace Fleet.Control.Jobs.Search;

/// <summary>What waits for one agent: it is meant by name, or no other has what the job asks for.</summary>
internal sealed class JobLanes(NpgsqlDataSource database, JobAgents agents)
{
    private static readonly Dictionary<string, string[]> None = [];

    /// <summary>By each agent that the filter asks about: the lanes that only it serves.</summary>
    public async Task<IReadOnlyDictionary<string, string[]>> Of(Filter filter, CancellationToken stop)
    {
        var names = filter.Conditions.Where(condition => condition.Field == JobFields.Pending)
            .SelectMany(condition => condition.Values.OfType<TextValue>()).Select(name => name.Text).Distinct().ToList();
        if (names.Count == 0)
            return None;
        var standing = await agents.Standing(stop);
        var waiting = await Waiting(stop);
        return names.ToDictionary(name => name, name => JobAgents.OnlyFor(name, waiting, standing).ToArray());
    }

    /// <summary>Every demand of what waits, whether it may start already or not.</summary>
    private async Task<List<WorkLane>> Waiting(CancellationToken stop)
    {
        await using var list = database.CreateCommand(JobQueue.AllLanes);
        await using var reader = await list.ExecuteReaderAsync(stop);
        var lanes = new List<WorkLane>();
        while (await reader.ReadAsync(stop))
            lanes.Add(LaneKey.Read(reader.GetString(0)));
        return lanes;
    }
}
