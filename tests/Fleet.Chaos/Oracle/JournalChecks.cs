namespace Fleet.Chaos.Oracle;

/// <summary>Journals are whole, and whoever watches them sees them whole.</summary>
internal sealed class JournalChecks(Evidence evidence)
{
    public IEnumerable<Check> All() => [Journals(), Watched()];

    private Check Journals()
    {
        var jobs = evidence.Jobs.Values;
        return new Check(
            "no state change after the end, journals gapless from 1",
            $"{jobs.Sum(job => job.Journal.Entries)} entries, "
            + $"{jobs.Sum(job => job.Steps.Count(step => step.Type == "stale"))} stale reports noted",
            [.. jobs.Where(job => job.IsOver && Slip(job) is not null).Select(job => $"{Slip(job)}: {job}")]);
    }

    private Check Watched()
    {
        var watchers = evidence.Watchers;
        return new Check(
            "watchers saw every entry once, in order",
            $"{watchers.Count} watchers, {watchers.Values.Sum(watcher => watcher.Connections)} connections, "
            + $"{watchers.Values.Sum(watcher => watcher.Seen.Count)} entries",
            [.. watchers.Keys.Where(id => SlipOfWatcher(id) is not null).Select(id => $"{id}: {SlipOfWatcher(id)}")]);
    }

    private static string? Slip(JobRecord job)
    {
        var count = job.Journal;
        if (count.First != 1 || count.Last != count.Entries || count.Last != count.Sequence)
            return $"{count.Entries} entries from {count.First} to {count.Last}, the row says {count.Sequence}";
        var last = job.Steps[^1];
        if (job.Steps.Count(step => step.Type == "end") != 1 || last.Type != "end" || last.Seq != count.Last)
            return "not exactly one end, or not the last";
        var states = job.Steps.Where(step => step.Type == "state").Select(step => step.To).ToList();
        var endsOnce = states.Count(JobRecord.IsTerminal) == 1
            && string.Equals(states[^1], job.State, StringComparison.OrdinalIgnoreCase);
        return endsOnce ? null : "not exactly one terminal state, or not the last";
    }

    private string? SlipOfWatcher(string id)
    {
        var watcher = evidence.Watchers[id];
        if (watcher.Wrong is { } answer)
            return answer;
        if (!watcher.IsDone)
            return $"never told that nothing follows, after {watcher.Seen.Count} entries";
        var last = evidence.Jobs.GetValueOrDefault(id)?.Journal.Last ?? 0;
        for (var i = 0; i < watcher.Seen.Count; i++)
        {
            if (watcher.Seen[i] != i + 1)
                return $"saw {watcher.Seen[i]} where {i + 1} was due";
        }

        return watcher.Seen.Count == last ? null : $"saw {watcher.Seen.Count} entries of {last}";
    }
}
