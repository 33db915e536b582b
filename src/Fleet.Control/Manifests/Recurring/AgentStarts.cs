using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>
/// Which agents have started since a schedule that follows starts was told of: each run of an agent's process is one start, and is
/// acted on once.
/// </summary>
internal sealed class AgentStarts(IAgentDirectory agents, NpgsqlDataSource database)
{
    private const string Seen = "select agent, session from manifest_schedule_starts where tenant = $1 and schedule = $2";

    private const string Keep =
        """
        insert into manifest_schedule_starts (tenant, schedule, agent, session)
        select $1, $2, agent, session from unnest($3, $4) as started(agent, session)
        on conflict (tenant, schedule, agent) do update set session = excluded.session
        """;

    /// <param name="since">Earlier starts are over.</param>
    public async Task<IReadOnlyDictionary<string, Guid>> Since(RecurringSchedule schedule, DateTimeOffset since, CancellationToken stop)
    {
        var seen = (await database.Query(
            Seen, row => (row.GetString(0), row.GetGuid(1)), stop, SqlValue.Of(schedule.Tenant), SqlValue.Of(schedule.Name)))
            .ToDictionary();
        return (await agents.Standing(stop))
            .Where(agent => agent is { IsOn: true, Run: { } run } && run.At >= since
                && !(seen.TryGetValue(agent.Name, out var last) && last == run.Session))
            .ToDictionary(agent => agent.Name, agent => agent.Run!.Session);
    }

    /// <summary>In the transaction that starts what they are followed by.</summary>
    public static async Task Remember(UnitOfWork unit, RecurringSchedule schedule, IReadOnlyDictionary<string, Guid> starts)
    {
        if (starts.Count == 0)
            return;
        await using var keep = unit.Db.CreateCommand(
            Keep, SqlValue.Of(schedule.Tenant), SqlValue.Of(schedule.Name), SqlValue.Column(starts.Keys), SqlValue.Column(starts.Values));
        await keep.ExecuteNonQueryAsync();
    }
}
