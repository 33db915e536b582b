using Fleet.Control.Platform.Dispatch;
using Npgsql;

namespace Fleet.Control.Jobs;

/// <summary>The table of starts that count towards rates.</summary>
internal sealed class JobStarts(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<WorkStart>> List(CancellationToken stop)
    {
        await using var read = database.CreateCommand("select rate_id, job_id, at from job_starts where until > now()");
        await using var reader = await read.ExecuteReaderAsync(stop);
        var starts = new List<WorkStart>();
        while (await reader.ReadAsync(stop))
            starts.Add(new WorkStart(reader.GetGuid(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2)));
        return starts;
    }

    /// <summary>When the next of the key may start; null when it may now.</summary>
    public async Task<DateTimeOffset?> NextRoom(RateTerms rate, DateTimeOffset now, CancellationToken stop)
    {
        await using var find = database.CreateCommand(
            "select at from job_starts where rate_id = $1 and at > $2 order by at desc offset $3 limit 1");
        find.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = rate.Id });
        find.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now.AddSeconds(-rate.Seconds).ToUniversalTime() });
        find.Parameters.Add(new NpgsqlParameter<int> { TypedValue = rate.Limit - 1 });
        return await find.ExecuteScalarAsync(stop) is DateTime at ? new DateTimeOffset(at).AddSeconds(rate.Seconds) : null;
    }

    /// <summary>Deletes what counts no more.</summary>
    public async Task Forget(CancellationToken stop)
    {
        await using var delete = database.CreateCommand("delete from job_starts where until < now() - interval '1 minute'");
        await delete.ExecuteNonQueryAsync(stop);
    }
}
