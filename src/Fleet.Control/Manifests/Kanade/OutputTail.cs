using System.Text;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>The end of what a run has written to one of its streams so far.</summary>
/// <param name="IsTruncated">Whether there is more before it.</param>
internal sealed record OutputTail(string Text, bool IsTruncated)
{
    private const int PageEntries = 100;

    /// <summary>Reads from the end, so that a run that has written for days is not read from its beginning.</summary>
    /// <param name="most">Bytes.</param>
    public static async Task<OutputTail> Read(NpgsqlDataSource database, Guid run, string stream, int most, CancellationToken stop)
    {
        var pieces = new Stack<byte[]>();
        var bytes = 0L;
        for (var (before, isAll) = (long.MaxValue, false); bytes <= most && !isAll;)
        {
            var page = await database.Query(
                $"""
                select seq, output from journal where stream = $1 and type = $2 and seq < $3 and output is not null
                order by seq desc limit {PageEntries}
                """,
                row => (Seq: row.GetInt64(0), Output: row.GetFieldValue<byte[]>(1)),
                stop, SqlValue.Of(run), SqlValue.Of(stream), SqlValue.Of(before));
            foreach (var (seq, output) in page.TakeWhile(_ => bytes <= most))
            {
                pieces.Push(output);
                (before, bytes) = (seq, bytes + output.Length);
            }

            isAll = page.Count < PageEntries;
        }

        var all = new byte[bytes];
        for (var at = 0; pieces.TryPop(out var piece); at += piece.Length)
            piece.CopyTo(all, at);
        return new OutputTail(Encoding.UTF8.GetString(all.AsSpan(Math.Max(0, all.Length - most))), bytes > most);
    }
}
