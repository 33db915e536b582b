using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Terms;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Schedules.Held;

/// <summary>
/// The schedules that an agent is to hold, and those that it says it holds. The version follows from what the schedules are: the
/// same ones have the same, whoever asks.
/// </summary>
internal sealed class HeldScheduleStore(IDbContextFactory<FleetDbContext> contexts, NpgsqlDataSource database)
{
    private const long Positive = 0x1F_FFFF_FFFF_FFFF; // whole numbers that JSON's readers keep

    public async Task<IReadOnlyList<Schedule>> Rows(string agent, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Schedule>().FromSql($"select * from schedules where held_by = {agent} order by id")
            .AsNoTracking().ToListAsync(stop);
    }

    public static HoldSchedules Wanted(IEnumerable<Schedule> rows) => Wanted([.. rows.Select(row =>
    {
        var when = TermsReader.DefinitionOf(row).When!;
        return (new AgentSchedule(WireId.Format(row.CorrelationId), when.Cron!, !row.Paused), when.TimeZone);
    })]);

    /// <summary>Agents whose word is another than what they are to hold.</summary>
    public async Task<IReadOnlyList<string>> Drifting(CancellationToken stop)
    {
        var rows = await database.Query(
            """
            select held_by, id, definition -> 'when' ->> 'cron', paused, definition -> 'when' ->> 'time_zone' from schedules
            where held_by is not null order by held_by, id
            """,
            row => (
                Agent: row.GetString(0),
                Held: new AgentSchedule(WireId.Format(row.GetGuid(1)), row.GetString(2), !row.GetBoolean(3)),
                Zone: row.IsDBNull(4) ? null : row.GetString(4)),
            stop);
        var confirmed = (await database.Query(
            "select agent, version from held_schedule_acks", row => (row.GetString(0), row.GetInt64(1)), stop)).ToDictionary();
        var wanted = rows.GroupBy(row => row.Agent)
            .ToDictionary(agent => agent.Key, agent => Wanted([.. agent.Select(row => (row.Held, row.Zone))]).Version);
        return
        [
            .. wanted.Keys.Where(agent => !confirmed.TryGetValue(agent, out var version) || version != wanted[agent]),
            .. confirmed.Keys.Where(agent => confirmed[agent] != 0 && !wanted.ContainsKey(agent)),
        ];
    }

    /// <summary>Agents that hold something, and said so longer ago than this.</summary>
    public async Task<IReadOnlyList<string>> ConfirmedBefore(TimeSpan age, CancellationToken stop) => await database.Query(
        "select agent from held_schedule_acks where version <> 0 and at < now() - $1", row => row.GetString(0), stop, SqlValue.Of(age));

    /// <summary>The zone is no part of what an agent is told, and decides when it is due.</summary>
    private static HoldSchedules Wanted(IReadOnlyList<(AgentSchedule Held, string? Zone)> held)
    {
        var text = string.Join('\n', held.Select(one => $"{one.Held.ScheduleId} {one.Held.Cron} {one.Held.IsEnabled} {one.Zone}"));
        var version = BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) & Positive;
        return new HoldSchedules(held.Count == 0 ? 0 : version, [.. held.Select(one => one.Held)]);
    }

    public Task Confirm(string agent, long version, DateTimeOffset? at, CancellationToken stop) => database.Execute(
        """
        insert into held_schedule_acks (agent, version, applied_at, at) values ($1, $2, $3, now())
        on conflict (agent) do update set version = excluded.version, applied_at = excluded.applied_at, at = excluded.at
        """,
        stop,
        SqlValue.Of(agent),
        SqlValue.Of(version),
        SqlValue.Of(NpgsqlTypes.NpgsqlDbType.TimestampTz, at?.UtcDateTime));

    /// <summary>Null when the agent never said.</summary>
    public async Task<(long Version, DateTimeOffset At)?> Confirmed(string agent, CancellationToken stop)
    {
        var rows = await database.Query(
            "select version, coalesce(applied_at, at) from held_schedule_acks where agent = $1",
            row => (row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1)),
            stop,
            SqlValue.Of(agent));
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <summary>Whether this due time has been seen to.</summary>
    public async Task<bool> IsRecorded(Guid schedule, DateTimeOffset due, CancellationToken stop) =>
        await database.Scalar(
            "select 1 from schedule_occurrences where schedule_id = $1 and due_at = $2",
            stop,
            SqlValue.Of(schedule),
            SqlValue.Of(due)) is not null;
}
