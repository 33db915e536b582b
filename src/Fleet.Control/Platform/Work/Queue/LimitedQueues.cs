using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Work.Queue;

/// <summary>Work with limits: whose turn it is in a sequence, and what waits behind work whose keys are full.</summary>
internal sealed class LimitedQueues(NpgsqlDataSource database)
{
    private const int MostGates = 256;
    private const int MostPages = 4;

    /// <summary>The oldest that waits is next, and nobody else while it may not start.</summary>
    private const string Oldest =
        $"""
        select {KeyColumns.WorkColumns} from unnest($1) as wanted (sequence) cross join lateral (
            select * from work_waiting where sequence_id = wanted.sequence
            order by created_at, id limit 1) oldest
        where ready and demand = $2
        """;

    /// <summary>Jumps from gate to gate in the index, however much waits behind each.</summary>
    private static readonly string Behind =
        $"""
        with recursive gates as (
            (select gate, 1 as n from work_waiting
             where ready and gate is not null and demand = $1 and share = $2 and gate >= $3
             order by gate limit 1)
            union all
            select (select gate from work_waiting
                    where ready and gate is not null and demand = $1 and share = $2
                      and gate > gates.gate
                    order by gate limit 1), n + 1
            from gates where gates.gate is not null and n < {MostGates}),
        found as (select gate from gates where gate is not null),
        bound as (select least($4, greatest(4, 4 * $4 / nullif(count(*), 0))) as most from found)
        select one.*, found.gate from found cross join lateral (
            select {KeyColumns.WorkColumns} from work_waiting
            where ready and gate is not null and demand = $1 and share = $2 and gate = found.gate
            order by queue_rank, id limit (select most from bound)) one
        order by found.gate
        """;

    private readonly ScanCursors _places = new();

    /// <summary>Those without a sequence, and of every sequence met the one whose turn it is, if it waits in this demand.</summary>
    public async Task<List<WaitingWork>> Turns(
        string demand, IEnumerable<WaitingWork> able, Func<WaitingWork, bool> mayStart, CancellationToken stop)
    {
        var work = able.ToLookup(work => work.Keys.Sequence is null);
        var turns = work[true].ToList();
        var sequences = work[false].Select(work => work.Keys.Sequence!.Value).Distinct().ToArray();
        if (sequences.Length == 0)
            return turns;
        await using var batch = database.CreateIndexBatch();
        batch.Add(Oldest, SqlValue.Of(sequences), SqlValue.Of(demand));
        await using var reader = await batch.Read(stop);
        while (await reader.ReadAsync(stop))
            turns.Add(KeyColumns.ReadWork(reader));
        return [.. turns.Where(mayStart)];
    }

    /// <summary>The first behind each gate, as far as they may start; a walk through very many takes several rounds.</summary>
    /// <returns>And whether all gates were seen.</returns>
    public async Task<(List<WaitingWork> Work, bool IsWhole)> LookBehind(
        string demand, Guid share, int most, Func<WaitingWork, bool> mayStart, CancellationToken stop)
    {
        var walk = $"{share:N}{demand}";
        var place = _places.Of(walk);
        var fromStart = false;
        for (var pages = 0; pages < MostPages; pages++)
        {
            fromStart |= place == Guid.Empty;
            (var waiting, place) = await ReadPage(demand, share, place, most, stop);
            var able = await Turns(demand, waiting.Where(mayStart), mayStart, stop);
            if (able.Count > 0 || (place == Guid.Empty && fromStart))
            {
                _places.Go(walk, place);
                return (able, place == Guid.Empty && fromStart);
            }
        }

        _places.Go(walk, place);
        return ([], false);
    }

    private async Task<(List<WaitingWork> Work, Guid Next)> ReadPage(
        string demand, Guid share, Guid place, int most, CancellationToken stop)
    {
        await using var batch = database.CreateIndexBatch();
        batch.Add(
            Behind,
            SqlValue.Of(demand),
            SqlValue.Of(share),
            SqlValue.Of(place),
            SqlValue.Of(most));
        await using var reader = await batch.Read(stop);
        var work = new List<WaitingWork>();
        var gates = new HashSet<Guid>();
        var last = Guid.Empty;
        while (await reader.ReadAsync(stop))
        {
            work.Add(KeyColumns.ReadWork(reader));
            gates.Add(last = reader.GetGuid(KeyColumns.WorkColumnCount));
        }

        return (work, gates.Count == MostGates ? last : Guid.Empty);
    }
}
