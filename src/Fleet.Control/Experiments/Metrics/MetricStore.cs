using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Experiments.Metrics;

/// <summary>
/// Series of metrics of runs. Points that come together are one row; beside them each series has a line that says how it
/// stands, so that comparing runs reads no points.
/// </summary>
internal sealed class MetricStore(NpgsqlDataSource database, ExperimentSettings settings)
{
    /// <summary>
    /// A run's series grow one after another: their numbers are those of the points before. What is not above the others in the
    /// order of steps does not become the last value.
    /// </summary>
    private const string Grow =
        """
        insert into experiment_series as kept (run, name, points, last_step, last_value, last_at, min_value, max_value)
        select run, name, points, last_step, last_value, last_at, min_value, max_value
        from unnest($1, $2, $3, $4, $5, $6, $7, $8)
            as fresh (run, name, points, last_step, last_value, last_at, min_value, max_value)
        order by run, name
        on conflict (run, name) do update set
            points = kept.points + excluded.points,
            last_step = case when coalesce(excluded.last_step, kept.last_step, 0) >= coalesce(kept.last_step, 0)
                then coalesce(excluded.last_step, kept.last_step) else kept.last_step end,
            last_value = case when coalesce(excluded.last_step, kept.last_step, 0) >= coalesce(kept.last_step, 0)
                then excluded.last_value else kept.last_value end,
            last_at = greatest(kept.last_at, excluded.last_at),
            min_value = least(kept.min_value, excluded.min_value),
            max_value = greatest(kept.max_value, excluded.max_value)
        returning run, name, points
        """;

    /// <summary>
    /// What comes in small pieces is added to the series' last row, as long as that is small: a series of single points would be a
    /// row for each. Whoever extends a series holds its line, so that the last row stays the last.
    /// </summary>
    private const string Insert =
        """
        with fresh as (select * from unnest($1, $2, $3, $4) as fresh (run, name, number, points)),
        grown as (
            update experiment_points kept set points = kept.points || fresh.points from fresh
            where kept.run = fresh.run and kept.name = fresh.name
            and kept.number = (
                select max(number) from experiment_points last where last.run = fresh.run and last.name = fresh.name)
            and octet_length(kept.points) + octet_length(fresh.points) <= $5
            returning kept.run, kept.name)
        insert into experiment_points (run, name, number, points)
        select * from fresh where not exists (select from grown where grown.run = fresh.run and grown.name = fresh.name)
        """;

    /// <summary>Bytes of a row that is written anew when it grows.</summary>
    private const int MostSmall = 64 * PointBytes.Size;

    /// <summary>Points that a client said.</summary>
    public async Task Add(Guid run, IReadOnlyList<NamedPoint> points, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await Add(connection, [.. points.Select(point => (run, point))], stop);
        await transaction.CommitAsync(stop);
    }

    /// <summary>Points that an attempt said; a batch that came before counts no second time.</summary>
    public async Task Add(Guid run, int attempt, long number, IReadOnlyList<NamedPoint> points, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using (var claim = connection.CreateCommand(
            """
            insert into experiment_batches as kept (run, attempt, number) values ($1, $2, $3)
            on conflict (run, attempt) do update set number = $3 where kept.number < $3
            """,
            SqlValue.Of(run), SqlValue.Of(attempt), SqlValue.Of(number)))
        {
            if (await claim.ExecuteNonQueryAsync(stop) == 0)
                return;
        }

        await Add(connection, [.. points.Select(point => (run, point))], stop);
        await transaction.CommitAsync(stop);
    }

    /// <summary>Points of any runs, within the transaction that the connection is in.</summary>
    public async Task Add(NpgsqlConnection connection, IReadOnlyList<(Guid Run, NamedPoint Named)> points, CancellationToken stop)
    {
        var series = points.GroupBy(one => (one.Run, one.Named.Name))
            .Select(group => new Growth(group.Key.Run, group.Key.Name, [.. group.Select(one => one.Named.Point)])).ToList();
        var ends = await Extend(connection, series, stop);
        foreach (var run in series.Select(one => one.Run).Distinct())
            await RefuseTooMany(connection, run, stop);
        await using var insert = connection.CreateCommand(
            Insert,
            SqlValue.Column(series.Select(one => one.Run)), SqlValue.Column(series.Select(one => one.Name)),
            SqlValue.Column(series.Select(one => ends[(one.Run, one.Name)] - one.Points.Count)),
            SqlValue.Column(series.Select(one => PointBytes.Write(one.Points))), SqlValue.Of(MostSmall));
        await insert.ExecuteNonQueryAsync(stop);
    }

    private static async Task<Dictionary<(Guid, string), long>> Extend(
        NpgsqlConnection connection, List<Growth> series, CancellationToken stop)
    {
        await using var grow = connection.CreateCommand(
            Grow,
            SqlValue.Column(series.Select(one => one.Run)), SqlValue.Column(series.Select(one => one.Name)),
            SqlValue.Column(series.Select(one => (long)one.Points.Count)), SqlValue.Column(series.Select(one => one.Last.Step)),
            SqlValue.Column(series.Select(one => one.Last.Value)), SqlValue.Column(series.Select(one => one.Last.At.UtcDateTime)),
            SqlValue.Column(series.Select(one => one.Least)), SqlValue.Column(series.Select(one => one.Most)));
        await using var reader = await grow.ExecuteReaderAsync(stop);
        var rows = await reader.ReadAll(row => (Run: row.GetGuid(0), Name: row.GetString(1), Points: row.GetInt64(2)), stop);
        return rows.ToDictionary(row => (row.Run, row.Name), row => row.Points);
    }

    private async Task RefuseTooMany(NpgsqlConnection connection, Guid run, CancellationToken stop)
    {
        await using var count = connection.CreateCommand(
            "select count(*) from (select from experiment_series where run = $1 limit $2) series",
            SqlValue.Of(run), SqlValue.Of(settings.MaxSeries + 1));
        if ((long)(await count.ExecuteScalarAsync(stop))! > settings.MaxSeries)
            throw new ProblemException(Problem.Conflict("too_many_series", $"One run has at most {settings.MaxSeries} metrics."));
    }

    /// <summary>What one series gets.</summary>
    private sealed record Growth(Guid Run, string Name, IReadOnlyList<Point> Points)
    {
        /// <summary>That of the highest step; of several the latest.</summary>
        public Point Last { get; } = Points.Aggregate((last, next) => (next.Step ?? last.Step ?? 0) >= (last.Step ?? 0) ? next : last);

        /// <summary>Null where no value is a number.</summary>
        public double? Least { get; } = Ends(Points).Select(value => (double?)value).Min();

        public double? Most { get; } = Ends(Points).Select(value => (double?)value).Max();

        private static IEnumerable<double> Ends(IReadOnlyList<Point> points) =>
            points.Select(point => point.Value).Where(value => !double.IsNaN(value));
    }
}
