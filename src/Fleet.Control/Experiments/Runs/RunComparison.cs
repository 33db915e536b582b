using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Contracts.Experiments;
using Fleet.Control.Experiments.Commits;
using Fleet.Control.Experiments.Metrics;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Experiments.Runs;

/// <summary>
/// What runs differ by. Values stand in the order of the runs; what is the same for all of them is left out, but for outcomes and
/// durations.
/// </summary>
/// <param name="Files">Of each run but the first: what it has otherwise than the first.</param>
internal sealed record ComparisonView(
    IReadOnlyList<string> Runs,
    IReadOnlyDictionary<string, IReadOnlyList<JsonNode?>> Fields,
    IReadOnlyList<IReadOnlyList<string>>? Args,
    IReadOnlyDictionary<string, IReadOnlyList<string?>> Environment,
    IReadOnlyDictionary<string, IReadOnlyList<MetricStand?>> Metrics,
    IReadOnlyList<FileChanges> Files,
    IReadOnlyList<string?> Outcome,
    IReadOnlyList<double?> Durations);

/// <summary>How a metric stands in one run.</summary>
internal sealed record MetricStand(
    [property: JsonConverter(typeof(MetricNumberConverter))] double Last, double? Min, double? Max, long Points);

/// <summary>What one run has otherwise than another, by path.</summary>
internal sealed record FileChanges(
    IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyDictionary<string, IReadOnlyList<string>> Changed);

/// <summary>Compares runs.</summary>
internal sealed class RunComparison(CommitStore commits)
{
    private static readonly string[] FieldNames =
    [
        "job_name", "state", "commit_id", "overall_sha", "user", "agent", "datasets", "resources", "snapshot", "tracking", "exit_code",
        "error_code", "narrative",
    ];

    public async Task<ComparisonView> Compare(IReadOnlyList<RunView> runs, Caller caller, CancellationToken stop)
    {
        var files = new List<List<SnapshotFile>>();
        foreach (var run in runs)
            files.Add(await commits.Files(caller.Tenant, run.CommitId, stop));
        var shown = runs.Select(run => JsonSerializer.SerializeToNode(run, FleetJson.Options)!).ToList();
        return new ComparisonView(
            [.. shown.Select(run => run["run_id"]!.GetValue<string>())],
            Different<JsonNode?>(FieldNames, name => [.. shown.Select(run => run[name]?.DeepClone())], JsonNode.DeepEquals),
            runs.All(run => run.Args.SequenceEqual(runs[0].Args)) ? null : [.. runs.Select(run => run.Args)],
            Different<string?>(
                runs.SelectMany(run => run.Env.Keys), name => [.. runs.Select(run => run.Env.GetValueOrDefault(name))], string.Equals),
            Different<MetricStand?>(
                runs.SelectMany(run => run.Metrics).Select(one => one.Name), name => [.. runs.Select(run => Stand(run, name))], Equals),
            [.. files.Skip(1).Select(other => Changes(files[0], other))],
            [.. runs.Select(run => run.Outcome)],
            [.. runs.Select(run => run.DurationS)]);
    }

    private static MetricStand? Stand(RunView run, string name) =>
        run.Metrics.FirstOrDefault(one => one.Name == name) is { } series
            ? new MetricStand(series.Last, series.Min, series.Max, series.Points)
            : null;

    private static FileChanges Changes(List<SnapshotFile> first, List<SnapshotFile> other)
    {
        var before = first.ToDictionary(file => file.Path, file => file.Sha256);
        var after = other.ToDictionary(file => file.Path, file => file.Sha256);
        return new FileChanges(
            [.. after.Keys.Where(path => !before.ContainsKey(path))],
            [.. before.Keys.Where(path => !after.ContainsKey(path))],
            after.Where(file => before.TryGetValue(file.Key, out var sha) && sha != file.Value)
                .ToDictionary(file => file.Key, file => (IReadOnlyList<string>)[before[file.Key], file.Value]));
    }

    private static SortedDictionary<string, IReadOnlyList<T>> Different<T>(
        IEnumerable<string> names, Func<string, IReadOnlyList<T>> values, Func<T, T, bool> same)
    {
        var different = new SortedDictionary<string, IReadOnlyList<T>>(StringComparer.Ordinal);
        foreach (var name in names.Distinct())
        {
            var all = values(name);
            if (!all.All(one => same(one, all[0])))
                different[name] = all;
        }

        return different;
    }
}
