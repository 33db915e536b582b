using System.Text.Json.Serialization;

namespace Fleet.Client.Experiments;

/// <summary>How a metric of a run stands.</summary>
/// <param name="Last">That of the highest step; of several the latest. It may be without end, or none at all.</param>
/// <param name="Min">The least value that is a number; null where none is.</param>
public sealed record Series(
    string Name,
    long Points,
    long? LastStep,
    [property: JsonConverter(typeof(MetricNumberConverter))] double Last,
    DateTimeOffset LastAt,
    double? Min,
    double? Max);

/// <summary>A value of a metric.</summary>
/// <param name="Step">Null where none was said.</param>
public sealed record MetricPoint(
    long? Step, DateTimeOffset At, [property: JsonConverter(typeof(MetricNumberConverter))] double Value);

/// <summary>A series, or what stands for its shape.</summary>
/// <param name="Total">How many points it has; of these <paramref name="Points"/> are here.</param>
public sealed record SeriesPoints(string Name, long Total, bool Downsampled, IReadOnlyList<MetricPoint> Points);
