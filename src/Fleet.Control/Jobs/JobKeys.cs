using Fleet.Control.Platform.Dispatch;
using Npgsql;

namespace Fleet.Control.Jobs;

/// <summary>A job's keys as columns.</summary>
internal static class JobKeys
{
    public const string Columns = "share, concurrency_id, coalesce(concurrency_limit, 0) as concurrency_limit, sequence_id";

    public const string WorkColumns = $"id, queue_rank, {Columns}, created_at";

    /// <summary>How many <see cref="WorkColumns"/> there are: what else a statement selects follows them.</summary>
    public const int WorkColumnCount = 7;

    /// <param name="at">Where <see cref="Columns"/> begin.</param>
    public static WorkKeys Read(NpgsqlDataReader reader, int at) => new(
        reader.GetGuid(at),
        reader.IsDBNull(at + 1) ? null : reader.GetGuid(at + 1),
        reader.GetInt32(at + 2),
        reader.IsDBNull(at + 3) ? null : reader.GetGuid(at + 3));

    /// <summary>From <see cref="WorkColumns"/>, which come first.</summary>
    public static WaitingWork ReadWork(NpgsqlDataReader reader) =>
        new(reader.GetGuid(0), reader.GetInt64(1), Read(reader, 2), reader.GetFieldValue<DateTimeOffset>(6));
}
