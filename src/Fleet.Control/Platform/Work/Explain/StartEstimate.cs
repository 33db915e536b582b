using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Queue;
using Npgsql;

namespace Fleet.Control.Platform.Work.Explain;

/// <summary>
/// When work will probably start: whoever comes first runs as long as the last of the same demand (or else kind) did,
/// on all the slots that serve the demand. A guess, and null where there is nothing to go by.
/// </summary>
internal sealed class StartEstimate(NpgsqlDataSource database)
{
    private const string Durations =
        """
        select coalesce(avg(extract(epoch from finished_at - started_at)) filter (where demand = $1),
                        avg(extract(epoch from finished_at - started_at)) filter (where kind = $2))
        from (select demand, kind, started_at, finished_at from work_ended
              where started_at is not null and error_code is null order by id desc limit 500) recent
        """;

    /// <param name="position">Its place in its share of the demand, from 1.</param>
    /// <param name="limit">How many of its own keys may run at once, if they limit it.</param>
    public async Task<DateTimeOffset?> Start(
        WorkRow work, long position, int? limit, IReadOnlyList<AgentStanding> standing, IReadOnlyList<WorkInHand> inHand,
        DateTimeOffset now, CancellationToken stop)
    {
        var demand = DemandKey.Read(work.Demand);
        var able = standing
            .Where(agent => agent is { IsRevoked: false, IsOn: true, IsDraining: false } && demand.Accepts(agent))
            .ToDictionary(agent => agent.Name, agent => SlotsFor(demand, agent));
        var slots = able.Values.Sum();
        var busy = inHand.Count(one => one.Capability == demand.Capability && able.ContainsKey(one.Agent));
        if (limit < slots)
        {
            slots = limit.Value;
            busy = inHand.Count(one => one.Concurrency == work.ConcurrencyId && work.ConcurrencyId is not null
                || one.Sequence == work.SequenceId && work.SequenceId is not null);
        }

        if (slots <= 0)
            return null;
        var ahead = busy + position - 1;
        if (ahead < slots)
            return now;
        return await Duration(work, stop) is { } seconds
            ? now.AddSeconds(Math.Min(seconds * Math.Ceiling((ahead - slots + 1.0) / slots), TimeSpan.FromDays(3650).TotalSeconds))
            : null;
    }

    private static int SlotsFor(DemandClass demand, AgentStanding agent) => demand.Model is null
        ? agent.Slots.GetValueOrDefault(demand.Capability)
        : (agent.Upstreams ?? []).Where(upstream => upstream.Serves(demand)).Sum(upstream => upstream.SlotsFor(demand.Capability));

    private async Task<double?> Duration(WorkRow work, CancellationToken stop) =>
        (double?)(decimal?)await database.Scalar(Durations, stop, SqlValue.Of(work.Demand), SqlValue.Of(work.Kind));
}
