using Fleet.Control.Platform.Dispatch;
using Npgsql;

namespace Fleet.Control.Platform.Work.Queue;

/// <summary>What a piece of work is in the queue, as columns.</summary>
internal static class KeyColumns
{
    public const string Columns =
        """
        share, concurrency_id, coalesce(concurrency_limit, 0) as concurrency_limit, sequence_id, rate_id,
        coalesce(rate_limit, 0) as rate_limit, coalesce(rate_seconds, 0) as rate_seconds
        """;

    public const string WorkColumns = $"id, queue_rank, {Columns}, created_at";

    /// <summary>How many <see cref="WorkColumns"/> there are: what else a statement selects follows them.</summary>
    public const int WorkColumnCount = 10;

    /// <param name="at">Where <see cref="Columns"/> begin.</param>
    public static WorkKeys Read(NpgsqlDataReader reader, int at) => new(
        reader.GetGuid(at),
        reader.IsDBNull(at + 1) ? null : reader.GetGuid(at + 1),
        reader.GetInt32(at + 2),
        reader.IsDBNull(at + 3) ? null : reader.GetGuid(at + 3),
        reader.IsDBNull(at + 4) ? null : new RateTerms(reader.GetGuid(at + 4), reader.GetInt32(at + 5), reader.GetInt32(at + 6)));

    /// <summary>From <see cref="WorkColumns"/>, which come first.</summary>
    public static WaitingWork ReadWork(NpgsqlDataReader reader) =>
        new(reader.GetGuid(0), reader.GetInt64(1), Read(reader, 2), reader.GetFieldValue<DateTimeOffset>(9));
}
