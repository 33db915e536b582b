using System.Globalization;
using Npgsql;

namespace Fleet.Control.Platform.Work.Search;

/// <summary>
/// Goes through the work of a tenant from the newest to the oldest, in spans of ids: each span is one statement of a
/// fraction of a second, so that no search keeps an old state of the database alive, and one that is ended has got
/// somewhere. Spans grow and shrink with what they take.
/// </summary>
internal sealed class SearchScan(NpgsqlConnection connection, WorkCondition condition, TimeProvider clock, TimeSpan limit)
{
    private const int First = 500;
    private const int Widest = 100_000;
    private const int GrowAtMost = 8;

    private static readonly TimeSpan Aim = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestSpan = 5 * Aim;
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(10);

    private readonly long _start = clock.GetTimestamp();
    private int _size = First;

    private TimeSpan Left => limit - clock.GetElapsedTime(_start);

    /// <summary>What is in the next span.</summary>
    /// <param name="columns">What is asked for of each piece of work, or of all.</param>
    /// <param name="rest">Order and limit.</param>
    /// <returns>Null when the time is over.</returns>
    public async Task<ScannedSpan<T>?> Next<T>(
        Guid? after, string columns, string rest, Func<NpgsqlDataReader, T> read, CancellationToken stop)
    {
        while (Left > Least)
        {
            var began = clock.GetTimestamp();
            try
            {
                var last = await FindLast(after, stop);
                var found = await Read(condition.Choose(columns, after, last, rest), read, stop);
                Adapt(clock.GetElapsedTime(began));
                return new ScannedSpan<T>(found, last);
            }
            catch (PostgresException ended) when (IsOverTime(ended) && !stop.IsCancellationRequested)
            {
                _size = Math.Max(1, _size / GrowAtMost);
            }
        }

        return null;
    }

    public static bool IsOverTime(PostgresException failure) => failure.SqlState == PostgresErrorCodes.QueryCanceled;

    /// <summary>Whether it is a regular expression, to which the database says so.</summary>
    public async Task Try(string pattern, CancellationToken stop) => await Read(
        new SqlText().Add("select regexp_like('', ").AddValue(pattern).Add(")"), reader => reader.GetBoolean(0), stop);

    /// <summary>The last id of the span; null when it reaches the end.</summary>
    private async Task<Guid?> FindLast(Guid? after, CancellationToken stop)
    {
        var find = new SqlText().Add($"select id from {WorkTables.Facts} where true");
        condition.AddBounds(find, after, downTo: null);
        find.Add(" order by id desc offset ").AddValue((long)_size - 1).Add(" limit 1");
        return (await Read(find, reader => reader.GetGuid(0), stop)) is [var last] ? last : null;
    }

    private async Task<List<T>> Read<T>(SqlText sql, Func<NpgsqlDataReader, T> read, CancellationToken stop)
    {
        var time = _size == 1 ? Left : Left < LongestSpan ? Left : LongestSpan;
        var limited = new SqlText().Add("select set_config('statement_timeout', ")
            .AddValue(((long)Math.Max(1, time.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture))
            .Add(", false)");
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(limited.ToCommand());
        batch.BatchCommands.Add(sql.ToCommand());
        await using var reader = await batch.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        var rows = new List<T>();
        while (await reader.ReadAsync(stop))
            rows.Add(read(reader));
        return rows;
    }

    private void Adapt(TimeSpan took)
    {
        var fits = (long)(_size * (Aim / (took + TimeSpan.FromMilliseconds(1))));
        _size = (int)Math.Clamp(Math.Min(fits, (long)_size * GrowAtMost), 1, Widest);
    }
}

/// <param name="Last">The last id of the span; null when it was the last span.</param>
internal sealed record ScannedSpan<T>(IReadOnlyList<T> Found, Guid? Last);
