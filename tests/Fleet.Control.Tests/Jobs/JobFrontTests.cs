using System.Diagnostics;
using Fleet.Contracts.Jobs;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Xunit.Abstractions;

namespace Fleet.Control.Tests.Jobs;

/// <summary>What could start next, where keys are full and much waits.</summary>
public sealed class JobFrontTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TestHouse _house = new();
    private TestControl _control = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house);
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task Behind_a_hundred_thousand_jobs_of_a_full_key_others_are_found_as_fast_as_without_them()
    {
        var full = await Submit(new QueueTerms(ConcurrencyKey: "full", ConcurrencyLimit: 1), priority: 9);
        var limited = await Submit(new QueueTerms(ConcurrencyKey: "other", ConcurrencyLimit: 10));
        var free = await Submit(new QueueTerms());
        bool MayStart(WorkKeys keys) => keys.Limit != 1;
        var (lane, queue) = (await Lane(), new JobQueue(_control.Get<Npgsql.NpgsqlDataSource>(), _control.Get<JobStarts>()));
        var before = await Measure(queue, lane, MayStart);
        await _house.Multiply(full, 100_000);
        var front = await queue.Next(lane, 10, MayStart, CancellationToken.None);
        front.Work.Select(work => work.Id).ShouldBe([limited, free], ignoreOrder: true);
        front.IsWhole.ShouldBeTrue();
        (await queue.Next(lane, 10, _ => false, CancellationToken.None)).Work.Count.ShouldBe(1, "what has no limits");

        var after = await Measure(queue, lane, MayStart);
        output.WriteLine($"A look at the lane: {before.TotalMilliseconds:F1} ms alone, {after.TotalMilliseconds:F1} ms behind 100,000.");
        after.ShouldBeLessThan(before + TimeSpan.FromMilliseconds(20));
        await _house.Do("analyze jobs");
        (await Measure(queue, lane, MayStart)).ShouldBeLessThan(
            before + TimeSpan.FromMilliseconds(20), "with what the planner knows of the table now");
    }

    [Fact]
    public async Task A_hundred_thousand_jobs_of_one_share_do_not_hide_another()
    {
        await _house.Multiply(await Submit(new QueueTerms(FairnessKey: "big"), priority: 9), 100_000);
        var small = await Submit(new QueueTerms(FairnessKey: "small"), priority: 0);
        var (lane, queue) = (await Lane(), new JobQueue(_control.Get<Npgsql.NpgsqlDataSource>(), _control.Get<JobStarts>()));
        var front = await queue.Next(lane, 4, _ => true, CancellationToken.None);
        front.Work.ShouldContain(work => work.Id == small);
        front.Work.Count.ShouldBe(5);
        var took = await Measure(queue, lane, _ => true);
        output.WriteLine($"A look at the lane: {took.TotalMilliseconds:F1} ms.");
        took.ShouldBeLessThan(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Behind_very_many_full_keys_the_one_with_room_is_found_in_the_end()
    {
        for (var i = 0; i < 3; i++)
        {
            await _control.Submit([.. Enumerable.Range(0, 1000).Select(n => TestJobs.Submission(
                Guid.CreateVersion7(), priority: 9) with { Terms = new QueueTerms(ConcurrencyKey: $"{i}/{n}", ConcurrencyLimit: 1) })]);
        }

        var wanted = await Submit(new QueueTerms(ConcurrencyKey: "wanted", ConcurrencyLimit: 2));
        var (lane, queue) = (await Lane(), new JobQueue(_control.Get<Npgsql.NpgsqlDataSource>(), _control.Get<JobStarts>()));
        for (var rounds = 0; rounds < 10; rounds++)
        {
            var front = await queue.Next(lane, 10, keys => keys.Limit == 2, CancellationToken.None);
            if (front.Work.Select(work => work.Id).SequenceEqual([wanted]))
                return;
            (front.Work.Count, front.IsWhole).ShouldBe((0, false));
        }

        Assert.Fail("It was not found in ten rounds.");
    }

    [Fact]
    public async Task It_is_the_turn_of_the_oldest_of_a_sequence_alone()
    {
        var first = await Submit(new QueueTerms(SequenceKey: "s"), priority: 0);
        await Submit(new QueueTerms(SequenceKey: "s"), priority: 9);
        var queue = new JobQueue(_control.Get<Npgsql.NpgsqlDataSource>(), _control.Get<JobStarts>());
        var front = await queue.Next(await Lane(), 10, _ => true, CancellationToken.None);
        front.Work.Select(work => work.Id).ShouldBe([first]);
    }

    [Fact]
    public async Task A_sequence_whose_oldest_waits_for_another_agent_has_nothing_here()
    {
        var first = TestJobs.Submission(Guid.CreateVersion7(), agent: "worker-1") with { Terms = new QueueTerms(SequenceKey: "s") };
        await _control.Submit(first);
        await Submit(new QueueTerms(SequenceKey: "s"));
        var queue = new JobQueue(_control.Get<Npgsql.NpgsqlDataSource>(), _control.Get<JobStarts>());
        var lanes = (await queue.Look(CancellationToken.None)).Lanes;
        (await queue.Next(lanes.Single(lane => lane.Agent is null).Key, 10, _ => true, CancellationToken.None)).Work.ShouldBeEmpty();
        (await queue.Next(lanes.Single(lane => lane.Agent is not null).Key, 10, _ => true, CancellationToken.None))
            .Work.Select(work => work.Id).ShouldBe([first.JobId]);
    }

    private async Task<Guid> Submit(QueueTerms terms, int priority = 5)
    {
        var job = TestJobs.Submission(Guid.CreateVersion7(), priority: priority) with { Terms = terms };
        await _control.Submit(job);
        return job.JobId;
    }

    private async Task<string> Lane() =>
        (await new JobQueue(_control.Get<Npgsql.NpgsqlDataSource>(), _control.Get<JobStarts>()).Look(CancellationToken.None)).Lanes.Single().Key;

    /// <summary>The best of many: what others do on this machine is not of interest.</summary>
    private static async Task<TimeSpan> Measure(JobQueue queue, string lane, Func<WorkKeys, bool> mayStart)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 25; i++)
        {
            var since = Stopwatch.GetTimestamp();
            await queue.Look(CancellationToken.None);
            await queue.Next(lane, 10, mayStart, CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(since));
        }

        return times.Min();
    }
}
