using System.Collections.Concurrent;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Packets;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Npgsql;

namespace Fleet.Control.Jobs;

/// <summary>How the queue stands for one tenant.</summary>
/// <param name="Agents">Those that are heard, and take its work.</param>
internal sealed record QueueFigures(long Waiting, long Running, int Agents)
{
    /// <summary>What is made of them for each who asks, by name.</summary>
    public ConcurrentDictionary<string, Task<PacketAnswer>> Answers { get; } = new();
}

/// <summary>Counts what waits and runs. Who asks within a moment of another of the same tenant gets the same figures.</summary>
internal sealed class QueueStatus(NpgsqlDataSource database, IAgentDirectory agents, TimeProvider clock)
{
    private const int MostTenants = 1000;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, Counted> _counted = new();

    public ValueTask<QueueFigures> Of(Caller caller, CancellationToken stop)
    {
        if (_counted.TryGetValue(caller.Tenant, out var last) && clock.GetElapsedTime(last.At) < Moment && !last.Figures.IsFaulted)
            return last.Figures.IsCompleted ? new(last.Figures.Result) : new(last.Figures.WaitAsync(stop));
        if (_counted.Count >= MostTenants)
            _counted.Clear();
        var fresh = new Counted(clock.GetTimestamp(), Count(caller.Tenant));
        _counted[caller.Tenant] = fresh;
        return new(fresh.Figures.WaitAsync(stop));
    }

    private async Task<QueueFigures> Count(string tenant)
    {
        var counted = await database.Query(
            $"""
            select count(*) filter (where phase = '{WorkStates.Waiting}'), count(*) filter (where phase = '{WorkStates.InHand}')
            from {WorkTables.State} state join {WorkTables.Facts} facts using (id)
            where phase in ('{WorkStates.Waiting}', '{WorkStates.InHand}') and facts.family = '{JobFamily.Job}' and facts.tenant = $1
            """,
            row => (Waiting: row.GetInt64(0), Running: row.GetInt64(1)), CancellationToken.None, SqlValue.Of(tenant));
        var standing = await agents.Standing(CancellationToken.None);
        return new QueueFigures(counted[0].Waiting, counted[0].Running, standing.Count(agent => agent.IsOn && agent.Serves(tenant)));
    }

    private sealed record Counted(long At, Task<QueueFigures> Figures);
}
