using Fleet.Contracts.Work;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Queue;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Npgsql;
using Xunit.Abstractions;

namespace Fleet.Control.Tests.Jobs;

/// <summary>What could start next, where keys are full and much waits.</summary>
public sealed class JobFrontTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>Pages: a hundred thousand jobs fill thousands.</summary>
    private const int Few = 300;

    private readonly DatabaseFixture _house = new();
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
        bool MayStart(WaitingWork work) => work.Keys.Limit != 1;
        var (lane, queue) = (await Lane(), NewQueue());
        var before = await Pages(lane, MayStart);
        await _house.Multiply(full, 100_000);
        var front = await queue.Next(lane, 10, MayStart, CancellationToken.None);
        front.Work.Select(work => work.Id).ShouldBe([limited, free], ignoreOrder: true);
        front.IsWhole.ShouldBeTrue();
        (await queue.Next(lane, 10, _ => false, CancellationToken.None)).Work.Count.ShouldBe(1, "what has no limits");

        var after = await Pages(lane, MayStart);
        await _house.Do("analyze work, work_state");
        var known = await Pages(lane, MayStart);
        output.WriteLine($"A look at the lane reads {before} pages alone, {after} and {known} behind 100,000.");
        after.ShouldBeLessThan(before + Few);
        known.ShouldBeLessThan(before + Few, "with what the planner knows of the table now");
    }

    [Fact]
    public async Task A_hundred_thousand_jobs_of_one_share_do_not_hide_another()
    {
        await _house.Multiply(await Submit(new QueueTerms(FairnessKey: "big"), priority: 9), 100_000);
        var small = await Submit(new QueueTerms(FairnessKey: "small"), priority: 0);
        var (lane, queue) = (await Lane(), NewQueue());
        var front = await queue.Next(lane, 4, _ => true, CancellationToken.None);
        front.Work.ShouldContain(work => work.Id == small);
        front.Work.Count.ShouldBe(5);
        var pages = await Pages(lane, _ => true);
        output.WriteLine($"A look at the lane reads {pages} pages.");
        pages.ShouldBeLessThan(Few);
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
        var (lane, queue) = (await Lane(), NewQueue());
        for (var rounds = 0; rounds < 10; rounds++)
        {
            var front = await queue.Next(lane, 10, work => work.Keys.Limit == 2, CancellationToken.None);
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
        var queue = NewQueue();
        var front = await queue.Next(await Lane(), 10, _ => true, CancellationToken.None);
        front.Work.Select(work => work.Id).ShouldBe([first]);
    }

    [Fact]
    public async Task A_sequence_whose_oldest_waits_for_another_agent_has_nothing_here()
    {
        var first = TestJobs.Submission(Guid.CreateVersion7(), agent: "worker-1") with { Terms = new QueueTerms(SequenceKey: "s") };
        await _control.Submit(first);
        await Submit(new QueueTerms(SequenceKey: "s"));
        var queue = NewQueue();
        var lanes = (await queue.Look(CancellationToken.None)).Demands;
        (await queue.Next(lanes.Single(lane => lane.Agent is null).Key, 10, _ => true, CancellationToken.None)).Work.ShouldBeEmpty();
        (await queue.Next(lanes.Single(lane => lane.Agent is not null).Key, 10, _ => true, CancellationToken.None))
            .Work.Select(work => work.Id).ShouldBe([first.WorkId]);
    }

    private async Task<Guid> Submit(QueueTerms terms, int priority = 5)
    {
        var job = TestJobs.Submission(Guid.CreateVersion7(), priority: priority) with { Terms = terms };
        await _control.Submit(job);
        return job.WorkId;
    }

    private WorkQueue NewQueue(NpgsqlDataSource? database = null) =>
        new(database ?? _control.Get<NpgsqlDataSource>(), _control.Get<RateStarts>(), _control.Get<WorkKinds>());

    private async Task<string> Lane() =>
        (await NewQueue().Look(CancellationToken.None)).Demands.Single().Key;

    /// <summary>The pages of tables and indexes that one look reads: its cost, whatever else this machine does.</summary>
    private async Task<long> Pages(string lane, Func<WaitingWork, bool> mayStart)
    {
        var single = new NpgsqlConnectionStringBuilder(_house.ConnectionString) { MaxPoolSize = 1 };
        await using var database = NpgsqlDataSource.Create(single);
        var queue = NewQueue(database);
        var before = await PagesRead(database);
        await queue.Look(CancellationToken.None);
        await queue.Next(lane, 10, mayStart, CancellationToken.None);
        return await PagesRead(database) - before;
    }

    /// <summary>Counted by the database for its one connection, which tells when it is asked to.</summary>
    private static async Task<long> PagesRead(NpgsqlDataSource database)
    {
        await using (var tell = database.CreateCommand("select pg_stat_force_next_flush()"))
            await tell.ExecuteNonQueryAsync();
        await using var ask = database.CreateCommand(
            """
            select sum(heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit + idx_blks_read, 0))::bigint
            from pg_statio_user_tables
            """);
        return (long)(await ask.ExecuteScalarAsync())!;
    }
}
