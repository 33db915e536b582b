using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>
/// Finds work whose time is over, by the index of when it ended. For each time that rules name it remembers how far it
/// has looked, so that work which is kept longer is met once and not in every round; what is due and must stay is put
/// aside and looked at again. All of it is memory: now and then, and whenever rules change, it begins anew.
/// </summary>
internal sealed class RetentionWalk(NpgsqlDataSource database, TimeProvider clock)
{
    private const int MostAside = 10_000;
    private const int AsideAtOnce = 500;

    private static readonly TimeSpan BeginAgain = TimeSpan.FromHours(1);

    /// <summary>What commits at this moment may have ended a little earlier.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private readonly Dictionary<long, (DateTime At, Guid Id)> _reached = [];
    private readonly Dictionary<long, (DateTime At, Guid Id)> _reachedNow = [];
    private readonly Queue<Guid> _aside = new();
    private readonly HashSet<Guid> _isAside = [];
    private RetentionPlan? _plan;
    private long _began;

    /// <summary>Forgets everything and looks from the beginning.</summary>
    public void Restart() => _plan = null;

    /// <summary>Before the first step of a round.</summary>
    public void Begin(RetentionPlan plan)
    {
        _reachedNow.Clear();
        if (plan.Equals(_plan) && clock.GetElapsedTime(_began) < BeginAgain)
            return;
        (_plan, _began) = (plan, clock.GetTimestamp());
        _reached.Clear();
        _aside.Clear();
        _isAside.Clear();
    }

    /// <summary>Looks at what ended next.</summary>
    /// <param name="most">So many at most.</param>
    /// <returns>Those that are due, and false when nothing else is left to look at.</returns>
    public async Task<(Guid[] Due, bool More)> Next(DateTimeOffset now, int most, CancellationToken stop)
    {
        foreach (var keep in _plan!.Keeps)
        {
            var until = now - TimeSpan.FromSeconds(keep);
            if (!_reachedNow.TryGetValue(keep, out var after) && !_reached.TryGetValue(keep, out after))
                after = (DateTime.UnixEpoch, Guid.Empty);
            var seen = await Look(
                now,
                most,
                "(finished_at, id) > ($2, $3) and finished_at < $4",
                [SqlValue.Of(after.At), SqlValue.Of(after.Id), SqlValue.Of(until)],
                stop);
            if (seen.Count == 0)
                continue;
            Reach(keep, seen, until);
            SetAside(seen.Where(job => job.IsDue && job.Held).Select(job => job.Id));
            return ([.. seen.Where(job => job.IsDue && !job.Held).Select(job => job.Id)], More: true);
        }

        return ([], More: false);
    }

    /// <summary>What is due and had to stay, as far as it exists and is not held any more.</summary>
    public async Task<Guid[]> Aside(DateTimeOffset now, CancellationToken stop)
    {
        var some = new List<Guid>();
        while (some.Count < AsideAtOnce && _aside.TryDequeue(out var id))
            some.Add(id);
        _isAside.ExceptWith(some);
        if (some.Count == 0)
            return [];
        var seen = await Look(now, AsideAtOnce, "id = any($2)", [SqlValue.Column(some)], stop);
        SetAside(seen.Where(job => job.IsDue && job.Held).Select(job => job.Id));
        return [.. seen.Where(job => job.IsDue && !job.Held).Select(job => job.Id)];
    }

    public void SetAside(IEnumerable<Guid> jobs)
    {
        foreach (var job in jobs.TakeWhile(_ => _aside.Count < MostAside).Where(_isAside.Add))
            _aside.Enqueue(job);
    }

    /// <summary>The youngest ones are met again in the next round, in case one comes between them.</summary>
    private void Reach(long keep, List<Seen> seen, DateTimeOffset until)
    {
        _reachedNow[keep] = (seen[^1].FinishedAt, seen[^1].Id);
        var settled = (until - Settling).UtcDateTime;
        var last = seen.LastOrDefault(job => job.FinishedAt < settled);
        if (last is not null)
            _reached[keep] = (last.FinishedAt, last.Id);
    }

    private async Task<List<Seen>> Look(
        DateTimeOffset now, int most, string which, NpgsqlParameter[] values, CancellationToken stop)
    {
        await using var batch = database.CreateIndexBatch();
        var look = SqlValue.BatchCommand("", [SqlValue.Of(now), .. values]);
        look.CommandText =
            $"""
            select id, finished_at, held, coalesce(finished_at < $1 - make_interval(secs => keep), false)
            from (
                select id, finished_at, held, {_plan!.KeepOf(look)} as keep from {WorkTables.Ended} join {WorkTables.Facts} using (id)
                where {which} order by finished_at, id limit {most}) walked
            order by finished_at, id
            """;
        batch.BatchCommands.Add(look);
        await using var rows = await batch.Read(stop);
        var seen = new List<Seen>(most);
        while (await rows.ReadAsync(stop))
            seen.Add(new Seen(rows.GetGuid(0), rows.GetDateTime(1), rows.GetBoolean(2), rows.GetBoolean(3)));
        return seen;
    }

    private sealed record Seen(Guid Id, DateTime FinishedAt, bool Held, bool IsDue);
}
