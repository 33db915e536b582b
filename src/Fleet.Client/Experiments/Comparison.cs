using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Client.Experiments;

/// <summary>
/// What runs differ by. Values stand in the order of the runs; what is the same for all of them is left out, but for outcomes and
/// durations.
/// </summary>
/// <param name="Args">Null where they are the same.</param>
/// <param name="Files">Of each run but the first: what it has otherwise than the first.</param>
/// <param name="Durations">Seconds.</param>
public sealed record Comparison(
    IReadOnlyList<string> Runs,
    IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Fields,
    IReadOnlyList<IReadOnlyList<string>>? Args,
    IReadOnlyDictionary<string, IReadOnlyList<string?>> Environment,
    IReadOnlyDictionary<string, IReadOnlyList<MetricStand?>> Metrics,
    IReadOnlyList<FileChanges> Files,
    IReadOnlyList<string?> Outcome,
    IReadOnlyList<double?> Durations);

/// <summary>How a metric stands in one run.</summary>
public sealed record MetricStand(
    [property: JsonConverter(typeof(MetricNumberConverter))] double Last, double? Min, double? Max, long Points);

/// <summary>What one run has otherwise than another, by path.</summary>
public sealed record FileChanges(
    IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyDictionary<string, IReadOnlyList<string>> Changed);
