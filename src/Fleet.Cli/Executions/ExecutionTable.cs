using Fleet.Cli.Output;
using Fleet.Client.Manifests;

namespace Fleet.Cli.Executions;

/// <summary>How executions and their agents look in tables.</summary>
internal static class ExecutionTable
{
    public static View<ExecutionHost> Hosts { get; } = new(
        host => host.Agent,
        new Column<ExecutionHost>("AGENT", host => host.Agent),
        new Column<ExecutionHost>("WAVE", host => Words.Number(host.Wave)),
        new Column<ExecutionHost>("STATE", host => host.State, Tone: host => ToneOf(host.State)),
        new Column<ExecutionHost>("EXIT", host => host.ExitCode is { } code ? Words.Number(code) : null),
        new Column<ExecutionHost>("REASON", host => host.Reason, Tone: _ => Tone.Bad),
        new Column<ExecutionHost>("JOB", host => host.JobId, IsWide: true),
        new Column<ExecutionHost>("STARTED", host => Words.Time(host.StartedAt), IsWide: true),
        new Column<ExecutionHost>("FINISHED", host => Words.Time(host.FinishedAt), IsWide: true));

    public static View<Execution> View(TimeProvider clock) => new(
        one => one.ExecutionId,
        new Column<Execution>("EXECUTION", one => one.ExecutionId),
        new Column<Execution>("MANIFEST", one => one.Manifest),
        new Column<Execution>("STATE", one => one.State, Tone: one => ToneOf(one.State)),
        new Column<Execution>("WAVE", one => $"{one.Wave}/{one.Waves}"),
        new Column<Execution>("TOTAL", one => Words.Number(one.Counts.Total)),
        new Column<Execution>("PENDING", one => Words.Number(one.Counts.Pending)),
        new Column<Execution>("RUNNING", one => Words.Number(one.Counts.Running)),
        new Column<Execution>("OK", one => Words.Number(one.Counts.Ok)),
        new Column<Execution>("FAILED", one => Words.Number(one.Counts.Failed), Tone: one => one.Counts.Failed > 0 ? Tone.Bad : Tone.Plain),
        new Column<Execution>("SKIPPED", one => Words.Number(one.Counts.Skipped)),
        new Column<Execution>("AGE", one => Words.Age(one.CreatedAt, clock)),
        new Column<Execution>("VERSION", one => one.Version, IsWide: true),
        new Column<Execution>("REASON", one => one.Reason, IsWide: true, _ => Tone.Bad),
        new Column<Execution>("BY", one => one.By, IsWide: true),
        new Column<Execution>("CREATED", one => Words.Time(one.CreatedAt), IsWide: true),
        new Column<Execution>("FINISHED", one => Words.Time(one.FinishedAt), IsWide: true));

    /// <summary>One line of how far it is.</summary>
    public static string Line(Execution one) =>
        $"{one.State}: {one.Counts.Ok} ok, {one.Counts.Failed} failed, {one.Counts.Skipped} skipped, {one.Counts.Running} running, "
        + $"{one.Counts.Pending} pending of {one.Counts.Total}; wave {one.Wave} of {one.Waves}";

    private static Tone ToneOf(string state) => state switch
    {
        "completed" or "ok" => Tone.Good,
        "running" or "open" => Tone.Busy,
        "failed" or "aborted" => Tone.Bad,
        _ => Tone.Plain,
    };
}
