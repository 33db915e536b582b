using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Retention;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Experiments.Runs;

/// <summary>Takes finished runs away, with all that belongs to them.</summary>
internal sealed class RunRemoval(NpgsqlDataSource database, WorkRemoval removal)
{
    /// <summary>Those that have not finished, are held, or of which somebody is still to be told, stay.</summary>
    public async Task<int> Remove(Guid[] runs, CancellationToken stop)
    {
        var owed = await removal.Owed(runs, stop);
        return await removal.Remove([.. runs.Where(run => !owed.Contains(run))], stop);
    }

    /// <summary>Finished runs of a tenant behind the newest so many, or that ended before a time; latest first.</summary>
    /// <param name="keep">How many of the newest stay; null where age decides.</param>
    public async Task<Guid[]> Prunable(string tenant, long? keep, DateTimeOffset? endedBefore, CancellationToken stop) =>
    [
        .. await database.Query(
            $"""
            select id from {WorkTables.Rows}
            where kind = 'experiment' and tenant = $1 and not held and phase = '{WorkStates.Ended}'
            and ($2::timestamptz is null or finished_at < $2)
            order by id desc offset $3
            """,
            row => row.GetGuid(0), stop, SqlValue.Of(tenant),
            SqlValue.Of(NpgsqlDbType.TimestampTz, endedBefore?.UtcDateTime), SqlValue.Of(keep ?? 0)),
    ];
}
