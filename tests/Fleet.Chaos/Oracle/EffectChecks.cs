namespace Fleet.Chaos.Oracle;

/// <summary>What attempts did, by their own account, is what the fleet says of them.</summary>
internal sealed class EffectChecks(Evidence evidence)
{
    /// <summary>How long a kill may take, and the coarseness of the clock in the traces.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>Why an attempt that came to its end may be followed by another one.</summary>
    private static readonly string[] Losses =
    [
        "agent_lost", "agent_restarted", "agent_stopped", "lease_lost", "not_accepted", "not_in_hand", "agent_error",
        "artifact_upload_failed", "result_invalid", // the last: its disk was full when it wrote that
    ];

    public IEnumerable<Check> All() => [OneSuccess(), NeverTogether()];

    private Check OneSuccess()
    {
        var known = evidence.Effects.ByJob.Where(traces => evidence.Jobs.ContainsKey(traces.Key))
            .SelectMany(traces => traces.Value.Select(trace => (Job: evidence.Jobs[traces.Key], Trace: trace)))
            .ToList();
        var repeated = known.Where(one => one.Trace.Ends > 0 && one.Trace.Attempt < one.Job.Attempt).ToList();
        List<string> wrong =
        [
            .. known.Where(one => one.Trace.Begins > 1 || one.Trace.Ends > 1).Select(one =>
                $"attempt {one.Trace.Attempt} began {one.Trace.Begins} and ended {one.Trace.Ends} times: {one.Job}"),
            .. known.Where(one => one.Trace.Attempt > one.Job.Attempt)
                .Select(one => $"attempt {one.Trace.Attempt} is unknown: {one.Job}"),
            .. repeated.Where(one => !Losses.Contains(one.Job.ReasonAfter(one.Trace.Attempt)))
                .Select(one => $"attempt {one.Trace.Attempt} came to its end, and another began: {one.Job}"),
            .. evidence.Jobs.Values
                .Where(job => job.HasSucceeded && evidence.PlanOf(job)?.HasProcess == true && !CameToItsEnd(job))
                .Select(job => $"succeeded without having come to its end: {job}"),
        ];
        return new Check(
            "at most one successful attempt, unless its lease was lost; none ran twice, none succeeded unrun",
            $"{evidence.Effects.Lines} lines of {evidence.Effects.ByJob.Count} jobs; ended and were repeated: "
            + Tally.Of(repeated.Select(one => one.Job.ReasonAfter(one.Trace.Attempt))),
            wrong);
    }

    private Check NeverTogether()
    {
        var overlaps = evidence.Effects.Overlaps().OrderByDescending(pair => pair.Overlap).ToList();
        var longest = overlaps.Count == 0 ? 0 : overlaps[0].Overlap.TotalSeconds;
        return new Check(
            $"no two attempts of a job at the same time (window {Window.TotalSeconds:0} s)",
            $"{overlaps.Count} overlaps, the longest {longest:0.00} s",
            [
                .. overlaps.Where(pair => pair.Overlap > Window).Select(pair =>
                    $"attempts {pair.First} and {pair.Second} for {pair.Overlap.TotalSeconds:0.00} s, "
                    + $"until {pair.Until}: {evidence.Jobs.GetValueOrDefault(pair.Job)}"),
            ]);
    }

    private bool CameToItsEnd(JobRecord job) =>
        evidence.Effects.ByJob.TryGetValue(job.Id, out var traces)
        && traces.Exists(trace => trace.Attempt == job.Attempt && trace.Ends == 1);
}
