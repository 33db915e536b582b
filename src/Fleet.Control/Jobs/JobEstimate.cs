using Fleet.Control.Platform.Dispatch;
using Npgsql;

namespace Fleet.Control.Jobs;

/// <summary>
/// When a job will probably start: whoever comes first runs as long as the last jobs of the same lane (or else kind) did,
/// on all the slots that serve the lane. A guess, and null where there is nothing to go by.
/// </summary>
internal sealed class JobEstimate(NpgsqlDataSource database)
{
    private const string Durations =
        """
        select avg(extract(epoch from finished_at - started_at)) filter (where lane = $1),
               avg(extract(epoch from finished_at - started_at)) filter (where kind = $2)
        from (select lane, kind, started_at, finished_at from jobs
              where state = 'Succeeded' order by id desc limit 500) recent
        """;

    /// <param name="position">Its place in its share of the lane, from 1.</param>
    /// <param name="limit">How many of its own keys may run at once, if they limit it.</param>
    public async Task<DateTimeOffset?> Start(
        Job job, long position, int? limit, IReadOnlyList<AgentStanding> standing, IReadOnlyList<JobInHand> inHand,
        DateTimeOffset now, CancellationToken stop)
    {
        var lane = LaneKey.Read(job.Lane);
        var able = standing
            .Where(agent => agent is { IsRevoked: false, IsOn: true, IsDraining: false } && lane.Accepts(agent.Name, agent.Labels))
            .ToDictionary(agent => agent.Name, agent => SlotsFor(lane, agent));
        var slots = able.Values.Sum();
        var busy = inHand.Count(one => one.Capability == lane.Capability && able.ContainsKey(one.Agent));
        if (limit < slots)
        {
            slots = limit.Value;
            busy = inHand.Count(one => one.Concurrency == job.ConcurrencyId && job.ConcurrencyId is not null
                || one.Sequence == job.SequenceId && job.SequenceId is not null);
        }

        if (slots <= 0)
            return null;
        var ahead = busy + position - 1;
        if (ahead < slots)
            return now;
        return await Duration(job, stop) is { } seconds
            ? now.AddSeconds(Math.Min(seconds * Math.Ceiling((ahead - slots + 1.0) / slots), TimeSpan.FromDays(3650).TotalSeconds))
            : null;
    }

    private static int SlotsFor(WorkLane lane, AgentStanding agent) => lane.Model is null
        ? agent.Slots.GetValueOrDefault(lane.Capability)
        : (agent.Upstreams ?? []).Where(upstream => upstream.Serves(lane)).Sum(upstream => upstream.SlotsFor(lane.Capability));

    private async Task<double?> Duration(Job job, CancellationToken stop)
    {
        await using var ask = database.CreateCommand(Durations);
        ask.Parameters.Add(new NpgsqlParameter<string> { TypedValue = job.Lane });
        ask.Parameters.Add(new NpgsqlParameter<string> { TypedValue = job.Kind });
        await using var reader = await ask.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return !reader.IsDBNull(0) ? (double)reader.GetDecimal(0)
            : !reader.IsDBNull(1) ? (double)reader.GetDecimal(1)
            : null;
    }
}
