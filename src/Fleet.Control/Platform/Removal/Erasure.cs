using Fleet.Control.Platform.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Platform.Removal;

/// <summary>Statements of which each is a transaction of its own.</summary>
internal static class Erasure
{
    /// <param name="sql">With the owners as its only parameter.</param>
    /// <returns>Rows.</returns>
    public static async Task<int> Run(
        this NpgsqlDataSource database, string sql, Guid[] owners, CancellationToken stop)
    {
        await using var erase = database.CreateCommand(sql);
        erase.Parameters.Add(SqlArray.Of(NpgsqlDbType.Uuid, owners));
        return await erase.ExecuteNonQueryAsync(stop);
    }
}
