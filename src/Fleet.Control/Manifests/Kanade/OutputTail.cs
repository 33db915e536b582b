using System.Text;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>The end of what a run has written to one of its streams so far.</summary>
/// <param name="IsTruncated">Whether there is more before it.</param>
internal sealed record OutputTail(string Text, bool IsTruncated)
{
    private const int PageEntries = 100;
    private const int MostEntries = 20_000;

    /// <summary>Reads from the end, and not for ever: a run that says nothing there may have said very much elsewhere.</summary>
    /// <param name="most">Bytes.</param>
    public static async Task<OutputTail> Read(NpgsqlDataSource database, Guid run, string stream, int most, CancellationToken stop)
    {
        var pieces = new Stack<byte[]>();
        var (before, bytes, looked) = (long.MaxValue, 0L, 0);
        bool isAll;
        do
        {
            var page = await database.Query(
                $"""
                select seq, case when type = $2 then output end from journal where stream = $1 and seq < $3
                order by seq desc limit {PageEntries}
                """,
                row => (Seq: row.GetInt64(0), Output: row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)),
                stop, SqlValue.Of(run), SqlValue.Of(stream), SqlValue.Of(before));
            foreach (var (seq, output) in page.TakeWhile(_ => bytes <= most))
            {
                (before, bytes) = (seq, bytes + (output?.Length ?? 0));
                if (output is not null)
                    pieces.Push(output);
            }

            isAll = page.Count < PageEntries;
            looked += page.Count;
        }
        while (bytes <= most && !isAll && looked < MostEntries);

        var all = new byte[bytes];
        for (var at = 0; pieces.TryPop(out var piece); at += piece.Length)
            piece.CopyTo(all, at);
        return new OutputTail(Encoding.UTF8.GetString(all.AsSpan(Math.Max(0, all.Length - most))), bytes > most || !isAll);
    }
}
