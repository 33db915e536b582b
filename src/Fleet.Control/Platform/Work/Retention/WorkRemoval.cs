using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Fleet.Protocol.Ids;
using Npgsql;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>
/// Takes finished work away for good. First its rows go, in one transaction with a note of it; from then on the work
/// does not exist for anybody. What belongs to it goes after it in bounded parts, and the note last, so that whoever
/// finds a note after a crash finishes the work.
/// </summary>
internal sealed class WorkRemoval(NpgsqlDataSource database, IEnumerable<IOwnedData> owned, TimeProvider clock)
{
    private const int AtOnce = 200;

    /// <summary>Where nobody says otherwise, half of the time is rest.</summary>
    private const double Share = 0.5;

    private const string TakeRows =
        $"""
        with gone as (
            delete from {WorkTables.Facts} where not held and id in (
                select id from {WorkTables.Ended} where id = any($1) order by id for update)
            returning id, family),
        states as (
            delete from {WorkTables.Ended} using gone where {WorkTables.Ended}.id = gone.id),
        removals as (
            insert into work_removals (id, at) select id, now() from gone)
        select id, family from gone
        """;

    /// <summary>Work with so much behind it that this is not enough is gone at once, and what it left soon after.</summary>
    private static readonly TimeSpan LongestErasure = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Leaves alone what is unknown, not finished or held, and what somebody is still to be told of.
    /// </summary>
    /// <returns>How much is gone, with all that belonged to it.</returns>
    public async Task<int> Remove(IReadOnlyList<Guid> work, CancellationToken stop)
    {
        var removed = 0;
        foreach (var some in work.Chunk(AtOnce))
        {
            var taken = await TakeOut(some, stop);
            await Erase(taken, stop);
            removed += taken.Length;
        }

        return removed;
    }

    /// <summary>The same, for somebody who waits: what takes long is left to those who finish such things.</summary>
    public async Task<int> RemoveSoon(Guid[] work, CancellationToken stop)
    {
        var taken = await TakeOut(work, stop);
        using var enough = new CancellationTokenSource(LongestErasure, clock);
        try
        {
            await Erase(taken, enough.Token);
        }
        catch (Exception left) when (left is OperationCanceledException || DatabaseFailure.IsPassing(left))
        {
            // it is written down, and goes without anybody waiting for it
        }

        return taken.Length;
    }

    /// <summary>An answer that is given again, as long as the work that it names is there.</summary>
    /// <exception cref="ProblemException">The work is deleted: whoever asks again must not take it for accepted.</exception>
    public async Task<Answer> StillThere(Answer given, CancellationToken stop)
    {
        if (!WireId.TryParse(given.Location?.Split('/')[^1], out var work))
            return given;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var find = connection.CreateCommand($"select id from {WorkTables.Facts} where id = $1", SqlValue.Of(work));
        return await find.ExecuteScalarAsync(stop) is not null
            ? given
            : throw new ProblemException(new ProblemResult(
                410, "work_deleted", "What was accepted with this Idempotency-Key is deleted; ask for it anew with another."));
    }

    /// <summary>Why work that is there does not go.</summary>
    public async Task<ProblemResult> WhyNot(WorkRow work, CancellationToken stop)
    {
        if (!WorkStates.IsOver(work.State))
            return WorkOperations.NotFinished(work);
        if (work.Held)
            return Problem.Conflict("held", $"The {work.Family} is held: release it first.");
        return (await Owed([work.CorrelationId], stop)).Count > 0
            ? Problem.Conflict(
                "deliveries_owed",
                $"A webhook about the {work.Family} has not been delivered yet: wait until it is, or is given up, or disable its endpoint.")
            : Problem.Unavailable("changing", $"The {work.Family} is just being changed.");
    }

    /// <summary>The rows and nothing else.</summary>
    /// <param name="also">Joins the transaction, with the work that goes.</param>
    /// <returns>The work that is gone.</returns>
    public async Task<Guid[]> TakeOut(
        Guid[] work, CancellationToken stop, Func<NpgsqlConnection, IReadOnlyList<RemovedRow>, Task>? also = null)
    {
        var owed = await Owed(work, stop);
        if (owed.Count > 0)
            work = [.. work.Except(owed)];
        if (work.Length == 0)
            return [];
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var take = connection.CreateCommand(TakeRows, SqlValue.Of(work));
        List<RemovedRow> taken;
        await using (var reader = await take.ExecuteReaderAsync(stop))
            taken = await reader.ReadAll(row => new RemovedRow(row.GetGuid(0), row.GetString(1)), stop);
        if (also is not null && taken.Count > 0)
            await also(connection, taken);
        await transaction.CommitAsync(stop);
        return [.. taken.Select(row => row.Id)];
    }

    /// <summary>Those that somebody is still to be told of.</summary>
    public async Task<IReadOnlySet<Guid>> Owed(Guid[] work, CancellationToken stop)
    {
        var owed = new HashSet<Guid>();
        foreach (var data in owned)
            owed.UnionWith(await data.Owed(work, stop));
        return owed;
    }

    /// <summary>What belonged to work that was taken out. It may be stopped at any time, and begun again.</summary>
    public async Task Erase(Guid[] work, CancellationToken stop, Throttle? throttle = null)
    {
        if (work.Length == 0)
            return;
        throttle ??= new Throttle(Share, clock);
        foreach (var data in owned)
        {
            while (await data.EraseSome(work, stop))
                await throttle.Rest(stop);
        }

        await database.Execute("delete from work_removals where id = any($1)", stop, SqlValue.Of(work));
    }

    /// <summary>Work whose belongings somebody began to erase and did not end, oldest first.</summary>
    public async Task<Guid[]> Unfinished(int most, TimeSpan olderThan, CancellationToken stop) =>
        [.. await database.Query(
            $"select id from work_removals where at < now() - $1 order by at limit {most}",
            reader => reader.GetGuid(0),
            stop,
            SqlValue.Of(olderThan))];
}

/// <summary>A piece of work whose rows are gone.</summary>
internal sealed record RemovedRow(Guid Id, string Family);
