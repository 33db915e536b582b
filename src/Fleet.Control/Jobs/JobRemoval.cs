using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Jobs;

/// <summary>
/// Takes finished jobs away for good. First the row goes, in one transaction with a note of it; from then on the job
/// does not exist for anybody. What belongs to it goes after it in bounded parts, and the note last, so that whoever
/// finds a note after a crash finishes the work.
/// </summary>
internal sealed class JobRemoval(NpgsqlDataSource database, IEnumerable<IBelongings> belongings, TimeProvider clock)
{
    /// <summary>States in which a job may be removed.</summary>
    public const string IsFinished = "state in ('Succeeded', 'Failed', 'Cancelled', 'Expired')";

    private const int AtOnce = 200;

    /// <summary>Where nobody says otherwise, half of the time is rest.</summary>
    private const double Share = 0.5;

    private const string TakeRows =
        $"""
        with gone as (
            delete from jobs where not held and {IsFinished} and id in (
                select id from jobs where id = any($1) order by id for update)
            returning id)
        insert into job_removals (id, at) select id, now() from gone returning id
        """;

    /// <summary>
    /// Leaves alone what is unknown, not finished or held, and what somebody is still to be told of.
    /// </summary>
    /// <returns>How many are gone, with all that belonged to them.</returns>
    public async Task<int> Remove(IReadOnlyList<Guid> jobs, CancellationToken stop)
    {
        var removed = 0;
        foreach (var some in jobs.Chunk(AtOnce))
        {
            var taken = await TakeOut(some, stop);
            await Erase(taken, stop);
            removed += taken.Length;
        }

        return removed;
    }

    /// <summary>The rows and nothing else.</summary>
    /// <param name="also">Joins the transaction, with the jobs that go.</param>
    /// <returns>The jobs that are gone.</returns>
    public async Task<Guid[]> TakeOut(
        Guid[] jobs, CancellationToken stop, Func<NpgsqlConnection, Guid[], Task>? also = null)
    {
        var owed = await Owed(jobs, stop);
        if (owed.Count > 0)
            jobs = [.. jobs.Except(owed)];
        if (jobs.Length == 0)
            return [];
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var taken = await Read(connection, TakeRows, SqlArray.Of(NpgsqlDbType.Uuid, jobs), stop);
        if (also is not null && taken.Length > 0)
            await also(connection, taken);
        await transaction.CommitAsync(stop);
        return taken;
    }

    /// <summary>Those that somebody is still to be told of.</summary>
    public async Task<IReadOnlySet<Guid>> Owed(Guid[] jobs, CancellationToken stop)
    {
        var owed = new HashSet<Guid>();
        foreach (var kept in belongings)
            owed.UnionWith(await kept.Owed(jobs, stop));
        return owed;
    }

    /// <summary>What belonged to jobs that were taken out. It may be stopped at any time, and begun again.</summary>
    public async Task Erase(Guid[] jobs, CancellationToken stop, Pace? pace = null)
    {
        if (jobs.Length == 0)
            return;
        pace ??= new Pace(Share, clock);
        foreach (var kept in belongings)
        {
            while (await kept.EraseSome(jobs, stop))
                await pace.Rest(stop);
        }

        await database.Run("delete from job_removals where id = any($1)", jobs, stop);
    }

    /// <summary>Jobs whose belongings somebody began to erase and did not end, oldest first.</summary>
    public async Task<Guid[]> Unfinished(int most, TimeSpan olderThan, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        return await Read(
            connection,
            $"select id from job_removals where at < now() - $1 order by at limit {most}",
            new NpgsqlParameter<TimeSpan> { TypedValue = olderThan },
            stop);
    }

    private static async Task<Guid[]> Read(
        NpgsqlConnection connection, string sql, NpgsqlParameter parameter, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(parameter);
        await using var rows = await command.ExecuteReaderAsync(stop);
        var ids = new List<Guid>();
        while (await rows.ReadAsync(stop))
            ids.Add(rows.GetGuid(0));
        return [.. ids];
    }
}
