using System.Globalization;
using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Client.Experiments;
using ExperimentRun = Fleet.Client.Experiments.Run;

namespace Fleet.Cli.Experiments;

/// <summary>How runs look in tables.</summary>
internal static class RunTable
{
    public static View<FoundRun> Found(TimeProvider clock) => new(
        run => run.Id,
        new Column<FoundRun>("RUN", run => run.Id),
        new Column<FoundRun>("NAME", run => run.JobName),
        new Column<FoundRun>("STATE", run => run.State, Tone: run => Words.ToneOf(run.State)),
        new Column<FoundRun>("OUTCOME", run => run.Outcome),
        new Column<FoundRun>("GROUP", run => run.Group),
        new Column<FoundRun>("METRICS", run => Metrics(run.Metrics)),
        new Column<FoundRun>("AGE", run => Words.Age(run.CreatedAt, clock)),
        new Column<FoundRun>("TAGS", run => string.Join(' ', run.Tags), IsWide: true),
        new Column<FoundRun>("BY", run => run.User, IsWide: true),
        new Column<FoundRun>("COMMIT", run => run.CommitId, IsWide: true));

    public static View<ExperimentRun> Whole(TimeProvider clock) => new(
        run => run.RunId,
        new Column<ExperimentRun>("RUN", run => run.RunId),
        new Column<ExperimentRun>("NAME", run => run.JobName),
        new Column<ExperimentRun>("STATE", run => run.State, Tone: run => Words.ToneOf(run.State)),
        new Column<ExperimentRun>("COMMIT", run => run.CommitId),
        new Column<ExperimentRun>("FILES", run => run.FilesCount is { } count ? Words.Number(count) : null),
        new Column<ExperimentRun>("ARGUMENTS", run => string.Join(' ', run.Args)),
        new Column<ExperimentRun>("ENVIRONMENT", run => Words.Pairs(run.Env)),
        new Column<ExperimentRun>("DATASETS", run => string.Join(' ', run.Datasets)),
        new Column<ExperimentRun>("AGENT", run => run.Agent),
        new Column<ExperimentRun>("EXIT", run => run.ExitCode is { } code ? Words.Number(code) : null),
        new Column<ExperimentRun>(
            "ERROR", run => run.ErrorCode is { } code ? $"{code}: {run.ErrorMessage}" : null, Tone: _ => Tone.Bad),
        new Column<ExperimentRun>("AGE", run => Words.Age(run.CreatedAt, clock)),
        new Column<ExperimentRun>("TOOK", run => run.DurationS is { } s ? Durations.Words(TimeSpan.FromSeconds(s)) : null),
        new Column<ExperimentRun>("HYPOTHESIS", run => run.Narrative.Hypothesis),
        new Column<ExperimentRun>("GROUP", run => run.Narrative.ExperimentGroup),
        new Column<ExperimentRun>("TAGS", run => string.Join(' ', run.Narrative.Tags ?? [])),
        new Column<ExperimentRun>(
            "METRICS", run => string.Join(' ', run.Metrics.Select(one => $"{one.Name}={Number(one.Last)}"))),
        new Column<ExperimentRun>("OUTCOME", run => run.Outcome),
        new Column<ExperimentRun>("SUMMARY", run => run.OutcomeSummary));

    /// <summary>A value of a metric, to five digits.</summary>
    public static string Number(double? value) => value is { } number ? number.ToString("G5", CultureInfo.InvariantCulture) : "-";

    private static string Metrics(IReadOnlyDictionary<string, double?> metrics) => string.Join(
        ' ', metrics.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={Number(one.Value)}"));
}
