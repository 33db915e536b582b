using System.Runtime.CompilerServices;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Journal;

/// <summary>The journal's statements.</summary>
internal static class JournalSql
{
    /// <summary>Entries of one page.</summary>
    public const int PageEntries = 500;

    /// <summary>Output bytes after which a page is full.</summary>
    public const int PageBytes = 1024 * 1024;

    private const string Columns = "stream, seq, type, attempt, at, data, output";

    public static void AddInserts(NpgsqlBatch batch, List<JournalEntry> entries)
    {
        if (entries.Count == 0)
            return;
        batch.Add(
            $"""
            insert into journal ({Columns})
            select stream, seq, type, attempt, at, data::json, output
            from unnest($1, $2, $3, $4, $5, $6, $7) as fresh({Columns})
            """,
            SqlValue.Column(entries.Select(entry => entry.Stream)),
            SqlValue.Column(entries.Select(entry => entry.Seq)),
            SqlValue.Column(entries.Select(entry => entry.Type)),
            SqlValue.Column(entries.Select(entry => entry.Attempt)),
            SqlValue.Column(entries.Select(entry => entry.At.UtcDateTime)),
            SqlValue.Column(entries.Select(entry => entry.Data)),
            SqlValue.Column(entries.Select(entry => entry.Output)));
    }

    /// <summary>The next entries after a number; empty when there are none yet.</summary>
    /// <param name="types">Only these types; null means all.</param>
    public static async IAsyncEnumerable<JournalEntry> ReadPage(
        NpgsqlDataSource database,
        Guid stream,
        long after,
        string[]? types = null,
        [EnumeratorCancellation] CancellationToken stop = default)
    {
        await using var read = database.CreateCommand(
            $"""
            select {Columns} from journal
            where stream = $1 and seq > $2 and ($3::text[] is null or type = any($3))
            order by seq limit {PageEntries}
            """,
            SqlValue.Of(stream), SqlValue.Of(after), SqlValue.Of(types));
        await using var reader = await read.ExecuteReaderAsync(stop);
        for (var bytes = 0; bytes < PageBytes && await reader.ReadAsync(stop);)
        {
            var entry = new JournalEntry(
                reader.GetGuid(0),
                reader.GetInt64(1),
                reader.GetString(2),
                reader.GetInt32(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.IsDBNull(6) ? null : reader.GetFieldValue<byte[]>(6));
            bytes += entry.Weight;
            yield return entry;
        }
    }
}
