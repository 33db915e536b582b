using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// Notices that a dump was restored into a new database: a database remembers which one it is, and the copy is another (a copy of
/// the whole cluster's files is not). What was not over in the backup may since have run, and nobody here remembers; so its attempts
/// are numbered from the next hundred on, and no attempt of before is taken for one of now. Followers of all that changes begin anew.
/// </summary>
internal static class RestoredDatabase
{
    private const string Know =
        """
        with present as (
            select system_identifier || '/' || (select oid from pg_database where datname = current_database()) as identity
            from pg_control_system()),
        added as (
            insert into database_identity (identity) select identity from present
            where not exists (select from database_identity))
        select coalesce((select known.identity <> present.identity from database_identity known), false) from present
        """;

    private const string BeginAnew =
        """
        update database_identity set identity = system_identifier || '/' || (select oid from pg_database where datname = current_database())
            from pg_control_system();
        truncate changes;
        insert into changes (number, tenant, family, kind, about, type, at)
            values (0, '', '', '', '00000000-0000-0000-0000-000000000000', '', now());
        """;

    private const string Renumber =
        "update work_state set attempt = (attempt / 100 + 1) * 100, version = version + 1 where phase <> 'ended'";

    /// <summary>To be asked once a start, by one process at a time.</summary>
    /// <returns>Null where it is the database of before; else how much work goes on in another attempt.</returns>
    public static async Task<int?> Renew(NpgsqlTransaction turn, CancellationToken stop)
    {
        if (!await IsCopy(turn, stop))
            return null;
        await using var anew = new NpgsqlCommand(BeginAnew, turn.Connection, turn) { CommandTimeout = 0 };
        await anew.ExecuteNonQueryAsync(stop);
        await using var renumber = new NpgsqlCommand(Renumber, turn.Connection, turn) { CommandTimeout = 0 }; // much may wait
        return await renumber.ExecuteNonQueryAsync(stop);
    }

    private static async Task<bool> IsCopy(NpgsqlTransaction turn, CancellationToken stop)
    {
        await using var know = new NpgsqlCommand(Know, turn.Connection, turn);
        return (bool)(await know.ExecuteScalarAsync(stop))!;
    }
}
