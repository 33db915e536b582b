using System.Text.Json.Serialization;

namespace Fleet.Contracts.Experiments;

/// <summary>Points that an attempt measured, in their order; the same number again is the same batch.</summary>
/// <param name="Number">From 1, without gaps.</param>
public sealed record MetricBatch(long Number, IReadOnlyList<MetricPoint> Points);

/// <summary>A value of a metric at a step.</summary>
/// <param name="Value">Any number, those that are none and without end included.</param>
/// <param name="Step">Null where it said none.</param>
public sealed record MetricPoint(
    string Name,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Value,
    long? Step,
    DateTimeOffset At);
