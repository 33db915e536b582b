using System.Data;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Experiments.Metrics;

/// <summary>How a series stands.</summary>
/// <param name="Last">That of the highest step; of several the latest.</param>
/// <param name="Min">The least value that is a number; null where none is.</param>
internal sealed record SeriesView(
    string Name,
    long Points,
    long? LastStep,
    [property: JsonConverter(typeof(MetricNumberConverter))] double Last,
    DateTimeOffset LastAt,
    double? Min,
    double? Max);

/// <summary>A point as clients see it.</summary>
internal sealed record PointView(
    long? Step, DateTimeOffset At, [property: JsonConverter(typeof(MetricNumberConverter))] double Value);

/// <summary>A series, or what stands for it.</summary>
/// <param name="Total">How many points it has; of these <paramref name="Points"/> are shown.</param>
internal sealed record SeriesPointsView(string Name, long Total, bool Downsampled, IReadOnlyList<PointView> Points);

/// <summary>Reads series.</summary>
internal sealed class SeriesReader(NpgsqlDataSource database)
{
    /// <summary>As much as is read at a time: whole points.</summary>
    private const int MostBytes = 2048 * PointBytes.Size;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<SeriesView>> List(Guid run, CancellationToken stop) => (await List([run], stop))[run].ToList();

    /// <summary>By run and name.</summary>
    public async Task<ILookup<Guid, SeriesView>> List(IReadOnlyCollection<Guid> runs, CancellationToken stop)
    {
        var rows = await database.Query(
            """
            select run, name, points, last_step, last_value, last_at, min_value, max_value from experiment_series
            where run = any($1) order by run, name
            """,
            row => (Run: row.GetGuid(0), Series: new SeriesView(
                row.GetString(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetDouble(4),
                row.GetFieldValue<DateTimeOffset>(5), Finite(row, 6), Finite(row, 7))),
            stop, SqlValue.Column(runs));
        return rows.ToLookup(row => row.Run, row => row.Series);
    }

    /// <summary>At most so many points that show its shape; null when there is no such series.</summary>
    public async Task<SeriesPointsView?> Read(Guid run, string name, int most, CancellationToken stop)
    {
        var total = await database.Scalar(
            "select points from experiment_series where run = $1 and name = $2", stop, SqlValue.Of(run), SqlValue.Of(name));
        if (total is not long all)
            return null;
        var shape = new Downsampling(all, most);
        await foreach (var bytes in Bytes(run, name, stop))
            shape.Add(bytes.Span);

        var points = shape.End();
        return new SeriesPointsView(
            name, shape.Seen, points.Count < shape.Seen, points.ConvertAll(point => new PointView(point.Step, point.At, point.Value)));
    }

    /// <summary>All points in their order, however many there are.</summary>
    public async IAsyncEnumerable<Point> All(Guid run, string name, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var bytes in Bytes(run, name, stop))
        {
            for (var i = 0; i < bytes.Length / PointBytes.Size; i++)
                yield return PointBytes.Read(bytes.Span, i).ToPoint();
        }
    }

    /// <summary>Whole points; what is given is good until the next is asked for.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Bytes(
        Guid run, string name, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var read = database.CreateCommand(
            "select points from experiment_points where run = $1 and name = $2 order by number", SqlValue.Of(run), SqlValue.Of(name));
        await using var rows = await read.ExecuteReaderAsync(CommandBehavior.SequentialAccess, stop);
        var bytes = new byte[MostBytes];
        while (await rows.ReadAsync(stop))
        {
            await using var content = await rows.GetStreamAsync(0, stop);
            while (await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop) is > 0 and var count)
                yield return bytes.AsMemory(0, count);
        }
    }

    private static double? Finite(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) || !double.IsFinite(row.GetDouble(column)) ? null : row.GetDouble(column);
}
