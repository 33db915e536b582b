using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Removal;

/// <summary>Deletes what may be much in small transactions, so that nobody waits for one long one.</summary>
internal static class BatchedDelete
{
    /// <summary>Rows that one statement deletes at most.</summary>
    public const int Size = 1000;

    /// <summary>Repeats the statement until it finds less than a batch.</summary>
    /// <param name="sql">Deletes at most <see cref="Size"/> rows.</param>
    /// <param name="throttle">Rests between the batches; null goes on at once.</param>
    public static async Task DeleteInBatches(
        this NpgsqlDataSource database, string sql, Throttle? throttle, CancellationToken stop, params NpgsqlParameter[] parameters)
    {
        await using var delete = database.CreateCommand(sql, parameters);
        while (await delete.ExecuteNonQueryAsync(stop) == Size)
        {
            if (throttle is not null)
                await throttle.Rest(stop);
        }
    }
}
