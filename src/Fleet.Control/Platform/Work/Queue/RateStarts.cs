using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Work.Queue;

/// <summary>The table of starts that count towards rates.</summary>
internal sealed class RateStarts(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<WorkStart>> List(CancellationToken stop) => await database.Query(
        "select rate_id, work_id, at from rate_starts where until > now()",
        reader => new WorkStart(reader.GetGuid(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2)),
        stop);

    /// <summary>When the next of the key may start; null when it may now.</summary>
    public async Task<DateTimeOffset?> NextRoom(RateTerms rate, DateTimeOffset now, CancellationToken stop) =>
        await database.Scalar(
            "select at from rate_starts where rate_id = $1 and at > $2 order by at desc offset $3 limit 1",
            stop,
            SqlValue.Of(rate.Id), SqlValue.Of(now.AddSeconds(-rate.Seconds)), SqlValue.Of(rate.Limit - 1)) is DateTime at
            ? new DateTimeOffset(at).AddSeconds(rate.Seconds)
            : null;

    /// <summary>Deletes what counts no more.</summary>
    public Task Forget(CancellationToken stop) =>
        database.Execute("delete from rate_starts where until < now() - interval '1 minute'", stop);
}
