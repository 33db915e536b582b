using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Schedules.Timing;

/// <summary>
/// Lanes and their triggers in the database. Quartz' own tables are read and mended past it where it does not see that
/// something is wrong: a trigger that a Control took and did not fire, because it died or lost the database in between.
/// </summary>
internal sealed class LaneStore(NpgsqlDataSource database, DatabaseClock clock)
{
    private const string Prompted =
        """
        insert into schedule_lanes (lane, prompted_at, repairs) values ($1, $2, 0)
        on conflict (lane) do update set prompted_at = excluded.prompted_at
        """;

    private const string Lock =
        "select 1 from qrtz_locks where sched_name = $1 and lock_name = 'TRIGGER_ACCESS' for update";

    /// <summary>Times are in ticks of .NET, as Quartz writes them.</summary>
    private const string Mend =
        """
        with stuck as (
            select trigger_name, trigger_state from qrtz_triggers
            where sched_name = $1 and trigger_group = $2 and trigger_state not like 'PAUSED%'
                and (next_fire_time is null or next_fire_time < $3 or trigger_state in ('ERROR', 'COMPLETE'))),
        orphans as (
            delete from qrtz_fired_triggers fired using stuck
            where fired.sched_name = $1 and fired.trigger_group = $2 and fired.trigger_name = stuck.trigger_name)
        update qrtz_triggers kept set trigger_state = 'WAITING', next_fire_time = $4
        from stuck where kept.sched_name = $1 and kept.trigger_group = $2 and kept.trigger_name = stuck.trigger_name
        returning kept.trigger_name, stuck.trigger_state
        """;

    private const string Note =
        """
        insert into schedule_lanes (lane, repairs, repaired_at, trouble)
        select split_part(name, '-', 2)::int, 1, $3, trouble from unnest($1, $2) as mended (name, trouble)
        on conflict (lane) do update set
            repairs = schedule_lanes.repairs + 1, repaired_at = excluded.repaired_at, trouble = excluded.trouble
        """;

    public Task Prompt(int lane, CancellationToken stop) =>
        database.Execute(Prompted, stop, SqlValue.Of(lane), SqlValue.Of(clock.Now));

    /// <summary>Sets triggers going again that have not fired for too long.</summary>
    /// <returns>Their names, and the state in which each was stuck.</returns>
    public async Task<IReadOnlyList<(string Trigger, string Reason)>> Repair(TimeSpan stuckAfter, CancellationToken stop)
    {
        var now = clock.Now;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using (var take = connection.CreateCommand(Lock, SqlValue.Of(Lanes.Scheduler)))
            await take.ExecuteNonQueryAsync(stop);
        List<(string Trigger, string Reason)> mended;
        await using (var mend = connection.CreateCommand(
            Mend, SqlValue.Of(Lanes.Scheduler), SqlValue.Of(Lanes.Group), SqlValue.Of((now - stuckAfter).UtcTicks),
            SqlValue.Of(Lanes.SecondAfter(now).UtcTicks)))
        await using (var reader = await mend.ExecuteReaderAsync(stop))
            mended = await reader.ReadAll(row => (row.GetString(0), row.GetString(1)), stop);
        if (mended.Count > 0)
        {
            await using var note = connection.CreateCommand(
                Note, SqlValue.Of(mended.Select(one => one.Trigger).ToArray()),
                SqlValue.Of(mended.Select(one => one.Reason).ToArray()), SqlValue.Of(now));
            await note.ExecuteNonQueryAsync(stop);
        }

        await transaction.CommitAsync(stop);
        return mended;
    }

    /// <summary>What is known of a lane; null before its first round.</summary>
    public async Task<LaneView?> Find(int lane, CancellationToken stop) => (await database.Query(
        """
        select trigger_state, next_fire_time, prompted_at, coalesce(repairs, 0), repaired_at, trouble
        from qrtz_triggers left join schedule_lanes on lane = $2
        where sched_name = $1 and trigger_group = $3 and trigger_name = $4
        """,
        row => new LaneView(
            row.GetString(0).ToLowerInvariant(),
            row.IsDBNull(1) ? null : new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero),
            row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
            row.GetInt32(3),
            row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
            row.IsDBNull(5) ? null : row.GetString(5).ToLowerInvariant()),
        stop,
        SqlValue.Of(Lanes.Scheduler),
        SqlValue.Of(lane),
        SqlValue.Of(Lanes.Group),
        SqlValue.Of(Lanes.NameOf(lane)))).SingleOrDefault();
}

/// <summary>How Quartz' trigger of a schedule is.</summary>
/// <param name="State">Quartz' word: <c>waiting</c>, <c>acquired</c> …</param>
/// <param name="PromptedAt">When it said "due" last.</param>
/// <param name="Repairs">How often it was stuck and was repaired.</param>
/// <param name="Trouble">The state in which it was stuck last.</param>
internal sealed record LaneView(
    string State, DateTimeOffset? NextFireAt, DateTimeOffset? PromptedAt, int Repairs, DateTimeOffset? RepairedAt, string? Trouble);
