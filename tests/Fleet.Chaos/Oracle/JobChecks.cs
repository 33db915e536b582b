using Fleet.Chaos.Load;

namespace Fleet.Chaos.Oracle;

/// <summary>What is promised of every single job.</summary>
internal sealed class JobChecks(Evidence evidence)
{
    /// <summary>How long the kill of a process group may take, with the coarseness of the clock in the traces.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>Why an attempt that came to its end may be followed by another one.</summary>
    private static readonly string[] Losses =
    [
        "agent_lost", "agent_restarted", "agent_stopped", "lease_lost", "not_accepted", "not_in_hand", "agent_error",
        "artifact_upload_failed",
    ];

    /// <summary>How a job that nothing is wrong with may fail all the same.</summary>
    private static readonly string[] Excuses =
        ["agent_lost", "agent_restarted", "agent_stopped", "lease_lost", "crash_loop", "agent_error", "start_failed", "artifact_upload_failed"];

    public IEnumerable<Check> All() => [OneEnd(), Expected(), Journals(), OneSuccess(), NeverTogether(), Watched()];

    private Check OneEnd()
    {
        var (told, jobs) = (evidence.Ledger.Accepted, evidence.Jobs);
        var listed = evidence.Listed.ToLookup(job => job.Id, job => job.State);
        List<string> wrong =
        [
            .. evidence.Ledger.Wrongs,
            .. told.Keys.Where(id => !jobs.ContainsKey(id)).Select(id => $"{id} was accepted and is missing"),
            .. jobs.Keys.Where(id => !told.ContainsKey(id)).Select(id => $"{id} is there, and no client was told"),
            .. jobs.Values.Where(job => !job.IsOver).Select(job => $"{job.Id} is {job.State}, attempt {job.Attempt}"),
            .. jobs.Values.Where(job => !listed[job.Id].SequenceEqual([job.State.ToLowerInvariant()]))
                .Select(job => $"{job.Id} is {job.State}; the API lists: {string.Join(' ', listed[job.Id])}"),
        ];
        var states = jobs.Values.GroupBy(job => job.State).OrderBy(state => state.Key, StringComparer.Ordinal)
            .Select(state => $"{state.Count()} {state.Key}");
        return new Check(
            "every accepted job is in exactly one terminal state, none is missing",
            $"{told.Count} accepted: {string.Join(", ", states)}",
            wrong);
    }

    private Check Expected()
    {
        var wrong = evidence.Jobs.Values
            .Where(job => evidence.Ledger.Accepted.TryGetValue(job.Id, out var plan) && job.IsOver && !MayEndSo(plan, job))
            .Select(job => $"{job.Id} {evidence.Ledger.Accepted[job.Id].Behaviour}: {job.State} {job.ErrorCode} {Told(job)}");
        var excused = evidence.Jobs.Values
            .Where(job => job.State == "Failed" && evidence.Ledger.Accepted.GetValueOrDefault(job.Id)?.Behaviour
                is not (null or Behaviour.Fails or Behaviour.TimesOut))
            .GroupBy(job => $"{evidence.Ledger.Accepted[job.Id].Behaviour} {job.ErrorCode}").Select(same => $"{same.Count()} {same.Key}");
        return new Check(
            "every job ended as it had to, or says what was lost",
            $"failed through what was broken: {Or(string.Join(", ", excused), "none")}",
            [.. wrong]);
    }

    private Check Journals()
    {
        var wrong = evidence.Jobs.Values.Where(job => job.IsOver && WrongJournal(job) is not null)
            .Select(job => $"{job.Id} {job.State}: {WrongJournal(job)}; {Told(job)}").ToList();
        return new Check(
            "no state change after the end, journals gapless from 1",
            $"{evidence.Jobs.Values.Sum(job => job.Journal.Entries)} entries, "
            + $"{evidence.Jobs.Values.Sum(job => job.Steps.Count(step => step.Type == "stale"))} stale reports noted",
            wrong);
    }

    private Check OneSuccess()
    {
        var wrong = new List<string>();
        var again = new Dictionary<string, int>();
        foreach (var (id, traces) in evidence.Effects.ByJob)
        {
            if (!evidence.Jobs.TryGetValue(id, out var job))
                continue;
            wrong.AddRange(traces.Where(trace => trace.Begins > 1 || trace.Ends > 1)
                .Select(trace => $"{id}: attempt {trace.Attempt} began {trace.Begins} and ended {trace.Ends} times; {Told(job)}"));
            wrong.AddRange(traces.Where(trace => trace.Attempt > job.Attempt).Select(trace => $"{id}: attempt {trace.Attempt} is unknown"));
            foreach (var trace in traces.Where(trace => trace.Ends > 0 && trace.Attempt < job.Attempt))
            {
                var reason = job.ReasonAfter(trace.Attempt) ?? "none";
                again[reason] = again.GetValueOrDefault(reason) + 1;
                if (!Losses.Contains(reason))
                    wrong.Add($"{id}: attempt {trace.Attempt} came to its end, and another began because of {reason}; {Told(job)}");
            }
        }

        wrong.AddRange(evidence.Jobs.Values
            .Where(job => job.State == "Succeeded" && HasProcess(job)
                && evidence.Effects.ByJob.GetValueOrDefault(job.Id)?.Exists(trace => trace.Attempt == job.Attempt && trace.Ends == 1) != true)
            .Select(job => $"{job.Id} succeeded, and its attempt {job.Attempt} never came to its end"));
        return new Check(
            "at most one successful attempt, unless its lease was lost; none ran twice, and none succeeded unrun",
            $"{evidence.Effects.Lines} lines of {evidence.Effects.ByJob.Count} jobs; ended and repeated: "
            + Or(string.Join(", ", again.Select(reason => $"{reason.Value} {reason.Key}")), "none"),
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
                    $"{pair.Job}: attempts {pair.First} and {pair.Second} for {pair.Overlap.TotalSeconds:0.00} s; "
                    + $"{(evidence.Jobs.TryGetValue(pair.Job, out var job) ? Told(job) : "")}"),
            ]);
    }

    private Check Watched()
    {
        var wrong = new List<string>();
        foreach (var (id, watcher) in evidence.Watchers)
        {
            if (watcher.Wrong is { } answer)
                wrong.Add($"{id}: {answer}");
            else if (!watcher.IsDone)
                wrong.Add($"{id}: never told that nothing follows after {watcher.Seen.Count} entries");
            else if (!evidence.Jobs.TryGetValue(id, out var job) || !watcher.Seen.SequenceEqual(Numbers(job.Journal.Last)))
                wrong.Add($"{id}: saw {watcher.Seen.Count} entries ({FirstSlip(watcher.Seen)}) of {job?.Journal.Last}");
        }

        return new Check(
            "watchers saw every entry once, in order",
            $"{evidence.Watchers.Count} watchers, {evidence.Watchers.Values.Sum(watcher => watcher.Connections)} connections, "
            + $"{evidence.Watchers.Values.Sum(watcher => watcher.Seen.Count)} entries",
            wrong);
    }

    private static bool MayEndSo(JobPlan plan, JobRecord job) => (plan.Behaviour, job.State) switch
    {
        (Behaviour.Cancelled, "Cancelled" or "Succeeded") => true,
        (Behaviour.Fails, "Failed") => job.ErrorCode == "exit_code" || Excuses.Contains(job.ErrorCode),
        (Behaviour.TimesOut, "Failed") => job.ErrorCode == "timeout" || Excuses.Contains(job.ErrorCode),
        (Behaviour.Poison, "Failed") => job.ErrorCode is "crash_loop" or "agent_lost" or "agent_restarted",
        (Behaviour.Fails or Behaviour.TimesOut or Behaviour.Poison, _) => false,
        (_, "Succeeded") => true,
        (_, "Failed") => Excuses.Contains(job.ErrorCode),
        _ => false,
    };

    private static string? WrongJournal(JobRecord job)
    {
        var (count, terminal) = (job.Journal, job.Steps.Where(step => step.Type == "state" && IsTerminal(step.To)).ToList());
        if (count.First != 1 || count.Last != count.Entries || count.Last != count.Sequence)
            return $"{count.Entries} entries from {count.First} to {count.Last}, the row says {count.Sequence}";
        if (job.Steps.Count(step => step.Type == "end") != 1 || job.Steps[^1].Type != "end" || job.Steps[^1].Seq != count.Last)
            return "not exactly one end, or not the last";
        return terminal.Count != 1 || !string.Equals(terminal[0].To, job.State, StringComparison.OrdinalIgnoreCase) || job.Steps.Last(step => step.Type == "state") != terminal[0]
            ? "not exactly one terminal state, or not the last"
            : null;
    }

    private static bool IsTerminal(string? state) => state is "succeeded" or "failed" or "cancelled" or "expired";

    private bool HasProcess(JobRecord job) => evidence.Ledger.Accepted.GetValueOrDefault(job.Id)?.HasProcess == true;

    private static IEnumerable<long> Numbers(long last) => Enumerable.Range(1, (int)last).Select(number => (long)number);

    private static string FirstSlip(IReadOnlyList<long> seen)
    {
        for (var i = 0; i < seen.Count; i++)
        {
            if (seen[i] != i + 1)
                return $"{seen[i]} where {i + 1} was due";
        }

        return "in order";
    }

    private static string Told(JobRecord job) =>
        string.Join(' ', job.Steps.Select(step => $"{step.Seq}:{step.To ?? step.Type}/{step.Attempt}{(step.Reason is null ? "" : $"({step.Reason})")}"));

    private static string Or(string text, string instead) => text.Length > 0 ? text : instead;
}
