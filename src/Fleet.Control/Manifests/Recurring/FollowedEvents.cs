using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>
/// What has happened on agents that a schedule follows and has not acted on: each run of an agent's process is one start, and each
/// event of its host is one.
/// </summary>
internal sealed class FollowedEvents(IAgentDirectory agents, NpgsqlDataSource database)
{
    private const string SeenStarts = "select agent, session from manifest_schedule_starts where tenant = $1 and schedule = $2";

    private const string Oldest =
        """
        select distinct on (event.agent) event.agent, event.kind, event.key from host_events event
        where event.kind = any($3) and event.at >= $4 and event.told_at >= now() - interval '30 days' and not exists (
            select 1 from manifest_schedule_events acted
            where acted.tenant = $1 and acted.schedule = $2 and acted.agent = event.agent and acted.key = event.key)
        order by event.agent, event.at, event.key
        """;

    private const string KeepStarts =
        """
        insert into manifest_schedule_starts (tenant, schedule, agent, session)
        select $1, $2, agent, session from unnest($3, $4) as started(agent, session)
        on conflict (tenant, schedule, agent) do update set session = excluded.session
        """;

    /// <summary>They are kept for longer than the events themselves count.</summary>
    private const string KeepEvents =
        """
        insert into manifest_schedule_events (tenant, schedule, agent, key)
        select $1, $2, agent, key from unnest($3, $4) as happened(agent, key)
        on conflict do nothing
        """;

    /// <summary>Of each agent that serves the tenant one at a time, by its name: its start, else the oldest event of its host.</summary>
    /// <param name="since">What happened earlier is over.</param>
    public async Task<IReadOnlyDictionary<string, FollowedEvent>> Since(
        RecurringSchedule schedule, EventWhen when, DateTimeOffset since, CancellationToken stop)
    {
        var serving = (await agents.Standing(stop)).Where(agent => agent.Serves(schedule.Tenant)).Select(agent => agent.Name).ToHashSet();
        var found = (await database.Query(
            Oldest, row => (Agent: row.GetString(0), new FollowedEvent(row.GetString(1), row.GetGuid(2))), stop,
            SqlValue.Of(schedule.Tenant), SqlValue.Of(schedule.Name), SqlValue.Column(when.Events), SqlValue.Of(since)))
            .Where(one => serving.Contains(one.Agent)).ToDictionary();
        if (when.Events.Contains(EventWhen.Startup))
        {
            foreach (var (agent, session) in await Starts(schedule, since, stop))
                found[agent] = new FollowedEvent(EventWhen.Startup, session);
        }

        return found;
    }

    /// <summary>In the transaction that starts what they are followed by, or decides that nothing does.</summary>
    public static async Task Remember(UnitOfWork unit, RecurringSchedule schedule, IReadOnlyDictionary<string, FollowedEvent> events)
    {
        foreach (var kind in events.GroupBy(one => one.Value.Kind == EventWhen.Startup))
        {
            await using var keep = unit.Db.CreateCommand(
                kind.Key ? KeepStarts : KeepEvents, SqlValue.Of(schedule.Tenant), SqlValue.Of(schedule.Name),
                SqlValue.Column(kind.Select(one => one.Key)), SqlValue.Column(kind.Select(one => one.Value.Key)));
            await keep.ExecuteNonQueryAsync();
        }
    }

    private async Task<IEnumerable<(string Agent, Guid Session)>> Starts(
        RecurringSchedule schedule, DateTimeOffset since, CancellationToken stop)
    {
        var seen = (await database.Query(
            SeenStarts, row => (row.GetString(0), row.GetGuid(1)), stop, SqlValue.Of(schedule.Tenant), SqlValue.Of(schedule.Name)))
            .ToDictionary();
        return (await agents.Standing(stop))
            .Where(agent => agent is { IsOn: true, Run: { } run } && run.At >= since
                && !(seen.TryGetValue(agent.Name, out var last) && last == run.Session))
            .Select(agent => (agent.Name, agent.Run!.Session));
    }
}

/// <summary>Something that happened on an agent.</summary>
/// <param name="Key">Of a start, the session; else as the agent says it.</param>
internal sealed record FollowedEvent(string Kind, Guid Key);
