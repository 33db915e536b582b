using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>A watcher sees every entry once, in order, however he watches.</summary>
[Collection(OneControl.Name)]
public sealed class WatcherTests(OneControl fleet)
{
    /// <summary>Bytes; the longest event, which is the end, has to fit.</summary>
    private const int LongestCut = 1500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task One_who_is_cut_at_any_byte_sees_every_entry_once_while_the_job_runs(int seed)
    {
        var random = new Random(seed);
        var submitted = await fleet.Client.Submit(JobDraft.Script(
            "for i in $(seq 60); do echo \"line $i ünïcödé\"; echo \"::progress 0.5 step $i\"; sleep 0.01; done"));
        var watcher = new CutWatcher(fleet.Client, submitted.JobId);
        await watcher.Watch(() => random.Next(1, LongestCut)).Within();
        await MustHaveSeenAll(watcher, submitted.JobId, 60, i => $"line {i} ünïcödé\n");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task One_who_is_cut_at_any_byte_sees_every_entry_once_when_the_job_is_over(int seed)
    {
        var random = new Random(seed);
        var job = await fleet.Client.Run(JobDraft.Script(
            "for i in $(seq 200); do echo \"line $i\"; echo \"::progress 0.5 step $i\"; sleep 0.005; done"));
        var watcher = new CutWatcher(fleet.Client, job.JobId);
        await watcher.Watch(() => random.Next(1, LongestCut)).Within();
        watcher.Connections.ShouldBeGreaterThan(3);
        await MustHaveSeenAll(watcher, job.JobId, 200, i => $"line {i}\n");
    }

    [Fact]
    public async Task Many_see_the_same()
    {
        var gate = new Gate(fleet.Home);
        var submitted = await fleet.Client.Submit(JobDraft.Script(
            $"{gate.Wait}; for i in $(seq 200); do echo \"line $i\"; [ $((i % 20)) = 0 ] && sleep 0.02; done"));
        var watchers = Enumerable.Range(0, 20).Select(_ => new CutWatcher(fleet.Client, submitted.JobId)).ToList();
        var watching = watchers.ConvertAll(watcher => watcher.Watch(() => int.MaxValue));
        gate.Open();
        await Task.WhenAll(watching).Within();
        foreach (var watcher in watchers)
            await MustHaveSeenAll(watcher, submitted.JobId, 200, i => $"line {i}\n");
    }

    [Fact]
    public async Task Those_who_read_nothing_for_a_while_cost_no_memory_and_miss_nothing()
    {
        const int Count = 600_000; // 101 bytes each
        const int Stalled = 10;
        const long Bound = 300 << 20; // less than half of what they are owed
        var lines = new NumberedLines(width: 100);
        await fleet.Client.Run(JobDraft.Script(lines.Script(Count))); // what it costs without watchers is not theirs
        var gate = new Gate(fleet.Home);
        var submitted = await fleet.Client.Submit(JobDraft.Script($"{gate.Wait}; {lines.Script(Count)}"));
        var watching = await Task.WhenAll(
            Enumerable.Range(0, Stalled).Select(_ => fleet.Client.Watch(submitted.JobId)));
        var before = Rss();
        gate.Open();
        (await MostUntil(fleet.Client.End(submitted.JobId)) - before).ShouldBeLessThan(Bound);

        var journal = await (await watching[0].Content.ReadAsStreamAsync()).Events().ToListAsync().AsTask().Within();
        journal.MustTellOf(await fleet.Client.Show(submitted.JobId));
        foreach (var written in journal.Where(entry => entry.Type == "output"))
            lines.Take(written.Text("text")!);
        lines.Count.ShouldBe(Count);
        Array.ForEach(watching, answer => answer.Dispose());
    }

    [Fact]
    public async Task One_who_has_everything_of_a_finished_job_is_told_that_nothing_follows()
    {
        var job = await fleet.Client.Run(JobDraft.Noop);
        var last = (await fleet.Client.Journal(job.JobId))[^1].Id;
        using var after = await fleet.Client.Watch(job.JobId, $"{last}");
        after.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var query = await fleet.Client.Send(HttpMethod.Get, $"/v1/jobs/{job.JobId}/events?after={last}");
        query.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var before = await fleet.Client.Watch(job.JobId, $"{last - 1}");
        (await before.Must(HttpStatusCode.OK)).ShouldContain($"id: {last}\nevent: end\n");
    }

    [Theory]
    [InlineData("1000000")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("abc")]
    public async Task An_id_that_no_event_has_is_refused(string lastEventId)
    {
        var job = await fleet.Client.Run(JobDraft.Noop);
        using var answer = await fleet.Client.Watch(job.JobId, lastEventId);
        (await answer.MustRefuse(400, "invalid_field")).Errors.ShouldNotBeNull().Keys.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_stream_begins_with_when_to_come_back()
    {
        var job = await fleet.Client.Run(JobDraft.Noop);
        using var answer = await fleet.Client.Watch(job.JobId);
        (await answer.Must(HttpStatusCode.OK)).ShouldStartWith("retry: 2000\n\n");
        answer.Headers.CacheControl?.NoStore.ShouldBeTrue();
    }

    private long Rss() => ProcFile.Rss(fleet.Home.Pid("control-1"));

    /// <summary>The most memory that Control had until something was done.</summary>
    private async Task<long> MostUntil(Task done)
    {
        var most = Rss();
        await Eventually.True(
            () =>
            {
                most = Math.Max(most, Rss());
                return done.IsCompleted;
            },
            "the job ends");
        await done;
        return most;
    }

    private async Task MustHaveSeenAll(CutWatcher watcher, string jobId, int lines, Func<int, string> line)
    {
        watcher.Seen.MustTellOf(await fleet.Client.Show(jobId));
        watcher.Seen.OutputOf("stdout").ShouldBe(string.Concat(Enumerable.Range(1, lines).Select(line)));
    }
}
