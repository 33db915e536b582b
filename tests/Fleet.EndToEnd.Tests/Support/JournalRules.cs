namespace Fleet.EndToEnd.Tests.Support;

/// <summary>What is true of every finished job's journal.</summary>
internal static class JournalRules
{
    /// <summary>
    /// Numbered from 1 without gaps, one end and nothing behind it, one terminal state, the one that is shown.
    /// </summary>
    public static void MustTellOf(this IReadOnlyList<JournalEvent> journal, JobView job)
    {
        var entries = string.Join(' ', journal.Select(entry => $"{entry.Id}:{entry.To ?? entry.Type}"));
        var about = $"job {job.JobId}, {job.State}: {entries}";
        var numbers = Enumerable.Range(1, journal.Count).Select(number => (long)number);
        journal.Select(entry => entry.Id).ShouldBe(numbers, about);
        journal.Count(entry => entry.Type == "end").ShouldBe(1, about);
        journal[^1].Type.ShouldBe("end", about);
        FleetJson.Read<JobView>(journal[^1].Data).State.ShouldBe(job.State, about);
        var states = journal.Where(entry => entry.Type == "state").Select(entry => entry.To).ToList();
        states[0].ShouldBe("queued", about);
        states[^1].ShouldBe(job.State, about);
        states.Count(JobView.IsTerminal).ShouldBe(1, about);
    }

    /// <summary>What the job wrote to one stream, as the journal has it.</summary>
    public static string OutputOf(this IEnumerable<JournalEvent> journal, string stream) => string.Concat(journal
        .Where(entry => entry.Type == "output" && entry.Text("stream") == stream)
        .Select(entry => entry.Text("text")));
}
