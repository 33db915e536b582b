using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Work.Queue;

/// <summary>
/// The first work of each share of a demand. The statements jump from share to share in an index, and cost the same
/// however much waits.
/// </summary>
internal sealed class QueueHeads(NpgsqlDataSource database)
{
    /// <summary>Shares that one round looks at; the next one goes on behind them.</summary>
    private const int MostShares = 200;

    /// <summary>
    /// The last word is true of all work. Who leaves it out looks in the index of gates: otherwise the planner looks
    /// for the work of one gate among all other, in the order of ranks.
    /// </summary>
    public const string IsLimited = "gate is not null and attempt >= 0";

    private static readonly string Free = First("gate is null", "least($2, greatest(16, 4 * $2 / nullif(count(*), 0)))");

    /// <summary>More of these than there is room for: some of them may not start yet.</summary>
    private static readonly string Limited = First(IsLimited, "100 + 4 * $2 / nullif(count(*), 0)");

    private readonly ScanCursors _places = new();

    public async Task<QueueHead> Read(string demand, int most, CancellationToken stop)
    {
        var place = _places.Of(demand);
        await using var batch = database.CreateIndexBatch();
        foreach (var sql in (string[])[Free, Limited])
        {
            batch.Add(
                sql,
                SqlValue.Of(demand),
                SqlValue.Of(most),
                SqlValue.Of(place));
        }

        await using var reader = await batch.Read(stop);
        var free = await ReadShares(reader, stop);
        await reader.NextResultAsync(stop);
        var limited = await ReadShares(reader, stop);
        var cuts = ((IReadOnlyList<ShareHead>[])[free, limited])
            .Where(shares => shares.Count == MostShares).Select(shares => shares[^1].Id).ToArray();
        _places.Go(demand, cuts.Length == 0 ? Guid.Empty : cuts.Min());
        return new QueueHead([.. free.SelectMany(share => share.Work)], limited, place == Guid.Empty && cuts.Length == 0);
    }

    private static async Task<List<ShareHead>> ReadShares(NpgsqlDataReader reader, CancellationToken stop)
    {
        var shares = new List<ShareHead>();
        while (await reader.ReadAsync(stop))
        {
            var work = KeyColumns.ReadWork(reader);
            if (shares.Count == 0 || shares[^1].Id != work.Keys.Share)
                shares.Add(new ShareHead(work.Keys.Share, reader.GetInt64(KeyColumns.WorkColumnCount), []));
            shares[^1].Work.Add(work);
        }

        return shares;
    }

    private static string First(string which, string most) =>
        $"""
        with recursive shares as (
            (select share, 1 as n from work_waiting
             where ready and {which} and demand = $1 and share >= $3 order by share limit 1)
            union all
            select (select share from work_waiting
                    where ready and {which} and demand = $1 and share > shares.share
                    order by share limit 1), n + 1
            from shares where shares.share is not null and n < {MostShares}),
        found as (select share from shares where share is not null),
        bound as (select {most} as most from found)
        select one.*, bound.most from found cross join bound cross join lateral (
            select {KeyColumns.WorkColumns} from work_waiting
            where ready and {which} and demand = $1 and share = found.share
            order by queue_rank, id limit (select most from bound)) one
        order by found.share, one.queue_rank
        """;
}

/// <param name="Free">What has no limits.</param>
/// <param name="IsWhole">Whether these are all the shares of the demand.</param>
internal sealed record QueueHead(List<WaitingWork> Free, IReadOnlyList<ShareHead> Limited, bool IsWhole);

/// <summary>The first work of a share.</summary>
/// <param name="Most">So many were asked for: with as many, there may be more behind them.</param>
internal sealed record ShareHead(Guid Id, long Most, List<WaitingWork> Work)
{
    public bool IsCut => Work.Count >= Most;
}
