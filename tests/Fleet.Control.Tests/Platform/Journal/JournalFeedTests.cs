using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Journal;

/// <summary>Replay, then live: every entry once, in order.</summary>
public sealed class JournalFeedTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_watcher_gets_the_past_and_then_the_present()
    {
        await using var control = await TestControl.Start(house);
        var job = await control.Submit();
        await control.Note(job, 2);
        await using var watcher = new Watcher(control.Get<JournalFeed>(), job);
        await watcher.Sees(3);
        await control.Note(job, 1);
        await watcher.Sees(4);
        await control.Note(job, 5);
        await watcher.Sees(9);
        await control.End(job);
        await watcher.Done.Within();
        watcher.Seen.ShouldBe(Numbers(1, 10));
    }

    [Fact]
    public async Task A_watcher_can_go_on_after_any_number()
    {
        await using var control = await TestControl.Start(house);
        var job = await control.Submit();
        await control.Note(job, 9);
        await control.End(job);
        for (var after = 0; after <= 10; after++)
        {
            await using var watcher = new Watcher(control.Get<JournalFeed>(), job, after);
            await watcher.Done.Within();
            watcher.Seen.ShouldBe(Numbers(after + 1, 11));
        }
    }

    [Fact]
    public async Task A_long_past_comes_in_pages()
    {
        await using var control = await TestControl.Start(house);
        var job = await control.Submit();
        await control.Note(job, 1300);
        await control.Note(job, 8, "stdout", bytes: 300_000);
        await control.End(job);
        await using var watcher = new Watcher(control.Get<JournalFeed>(), job);
        await watcher.Done.Within();
        watcher.Seen.ShouldBe(Numbers(1, 1310));
        watcher.Pages.ShouldAllBe(page => page.Count <= JournalSql.PageEntries);
        watcher.Pages.ShouldAllBe(page => page.Sum(entry => entry.Weight) < JournalSql.PageBytes + 700_000);
        watcher.Pages.Count.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Two_watchers_see_the_same()
    {
        await using var control = await TestControl.Start(house);
        var job = await control.Submit();
        await using var one = new Watcher(control.Get<JournalFeed>(), job);
        await using var other = new Watcher(control.Get<JournalFeed>(), job, after: 1);
        await one.Sees(1);
        for (var seq = 2; seq <= 20; seq++)
        {
            await control.Note(job, 1);
            await one.Sees(seq);
            await other.Sees(seq - 1);
        }

        await control.End(job);
        await Task.WhenAll(one.Done, other.Done).Within();
        one.Seen.ShouldBe(Numbers(1, 21));
        other.Seen.ShouldBe(Numbers(2, 21));
    }

    [Fact]
    public async Task A_watcher_that_left_is_forgotten()
    {
        await using var control = await TestControl.Start(house);
        var feed = control.Get<JournalFeed>();
        var job = await control.Submit();
        var one = new Watcher(feed, job);
        var other = new Watcher(feed, job);
        await one.Sees(1);
        await other.Sees(1);
        Watched(feed).ShouldBe(1);
        await one.DisposeAsync();
        Watched(feed).ShouldBe(1);
        await control.End(job);
        await other.Done.Within();
        Watched(feed).ShouldBe(0);
        await other.DisposeAsync();
    }

    [Fact]
    public async Task A_lost_wake_costs_a_moment_and_no_entry()
    {
        await using var control = await TestControl.Start(house);
        var clock = new ManualClock();
        var deaf = new JournalFeed(control.Get<NpgsqlDataSource>(), clock); // nobody tells it of commits
        var job = await control.Submit();
        await using var watcher = new Watcher(deaf, job);
        await watcher.Sees(1);
        await Idle(clock);
        await control.Note(job, 3);
        watcher.Seen.Count.ShouldBe(1);

        clock.Advance(TimeSpan.FromSeconds(5));
        await watcher.Sees(4);
        await Idle(clock);
        await control.End(job);
        clock.Advance(TimeSpan.FromSeconds(5));
        await watcher.Done.Within();
        watcher.Seen.ShouldBe(Numbers(1, 5));
    }

    [Fact]
    public async Task A_wake_from_another_process_is_enough()
    {
        await using var control = await TestControl.Start(house);
        var feed = new JournalFeed(control.Get<NpgsqlDataSource>(), new ManualClock());
        var job = await control.Submit();
        await using var watcher = new Watcher(feed, job);
        await watcher.Sees(1);
        await control.Note(job, 1);
        feed.HasGrown([Guid.NewGuid(), job]);
        await watcher.Sees(2);
        await control.End(job);
        feed.HasGrown([job]);
        await watcher.Done.Within();
    }

    [Fact]
    public async Task A_quiet_stream_says_so_with_an_empty_page()
    {
        await using var control = await TestControl.Start(house);
        var clock = new ManualClock();
        var feed = new JournalFeed(control.Get<NpgsqlDataSource>(), clock);
        var job = await control.Submit();
        await using var watcher = new Watcher(feed, job, quiet: TimeSpan.FromSeconds(12));
        await watcher.Sees(1);
        for (var silence = 1; silence <= 2; silence++)
        {
            foreach (var seconds in (int[])[5, 5, 2])
            {
                watcher.Silences.ShouldBe(silence - 1);
                await Idle(clock);
                clock.Advance(TimeSpan.FromSeconds(seconds));
            }

            await Eventually.True(() => watcher.Silences == silence, "the silence was told");
        }

        watcher.Seen.ShouldBe([1]);
    }

    [Fact]
    public async Task A_slow_watcher_reads_the_table_and_misses_nothing()
    {
        await using var control = await TestControl.Start(house);
        var job = await control.Submit();
        var gate = new SemaphoreSlim(0);
        await using var slow = new Watcher(control.Get<JournalFeed>(), job, gate: gate);
        await using var quick = new Watcher(control.Get<JournalFeed>(), job);
        await slow.Sees(1); // and now stands still
        for (var i = 0; i < 20; i++)
            await control.Note(job, 5, "stdout", bytes: 64 * 1024); // 12 MiB: three times what is kept
        await quick.Sees(101);
        await control.End(job);
        gate.Release(10_000);
        await Task.WhenAll(slow.Done, quick.Done).Within();
        slow.Seen.ShouldBe(Numbers(1, 102));
        quick.Seen.ShouldBe(Numbers(1, 102));
    }

    /// <summary>Two processes write, both are watched from anywhere, and watchers come back again and again.</summary>
    [Fact]
    public async Task Watchers_of_two_writing_processes_see_every_entry_once_and_in_order()
    {
        await using var one = await TestControl.Start(house);
        await using var other = await TestControl.Start(house);
        TestControl[] controls = [one, other];
        var job = await one.Submit();
        var random = new Random(7);
        var watchers = Enumerable.Range(0, 8)
            .Select(i => Wander(controls[i % 2].Get<JournalFeed>(), job, random.Next())).ToArray();
        await Task.WhenAll(controls.Select(async control =>
        {
            for (var i = 0; i < 60; i++)
            {
                await control.Note(job, 1 + (i % 3));
                if (i % 4 != 0) // every fourth wake gets lost
                    controls.Single(peer => peer != control).Get<JournalFeed>().HasGrown([job]);
            }
        }));
        await one.End(job);
        other.Get<JournalFeed>().HasGrown([job]);
        foreach (var seen in await Task.WhenAll(watchers).Within())
            seen.ShouldBe(Numbers(1, 242));
    }

    private static async Task<List<long>> Wander(JournalFeed feed, Guid job, int seed)
    {
        var random = new Random(seed);
        var seen = new List<long>();
        while (true)
        {
            var left = random.Next(1, 40);
            await foreach (var page in feed.Follow(job, seen.LastOrDefault(), Long, CancellationToken.None))
            {
                seen.AddRange(page.Select(entry => entry.Seq));
                if (page.Any(entry => entry.IsLast))
                    return seen;
                if ((left -= page.Count) <= 0)
                    break;
            }
        }
    }

    private static IEnumerable<long> Numbers(long from, long to) => Enumerable.Range((int)from, (int)(to - from + 1)).Select(n => (long)n);

    private static Task Idle(ManualClock clock) => Eventually.True(() => clock.Waiting == 1, "the watcher waits");

    private static int Watched(JournalFeed feed) =>
        ((ICollection)typeof(JournalFeed).GetField("_watched", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(feed)!).Count;

    private sealed class Watcher : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<IReadOnlyList<JournalEntry>> _pages = new();
        private readonly SemaphoreSlim? _gate;

        /// <param name="gate">When given, each page after the first waits for it.</param>
        public Watcher(JournalFeed feed, Guid job, long after = 0, TimeSpan? quiet = null, SemaphoreSlim? gate = null)
        {
            _gate = gate;
            Done = Task.Run(() => Follow(feed.Follow(job, after, quiet ?? Long, _stop.Token)));
        }

        /// <summary>The stream ended.</summary>
        public Task Done { get; }

        public IReadOnlyList<IReadOnlyList<JournalEntry>> Pages => [.. _pages.Where(page => page.Count > 0)];

        public IReadOnlyList<long> Seen => [.. _pages.SelectMany(page => page).Select(entry => entry.Seq)];

        public int Silences => _pages.Count(page => page.Count == 0);

        public Task Sees(int count) => Eventually.True(() => Seen.Count >= count, $"{count} entries were seen");

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Done.ContinueWith(_ => { }, TaskScheduler.Default);
            _stop.Dispose();
        }

        private async Task Follow(IAsyncEnumerable<IReadOnlyList<JournalEntry>> pages)
        {
            await foreach (var page in pages)
            {
                _pages.Enqueue(page);
                if (_gate is not null)
                    await _gate.WaitAsync(_stop.Token);
            }
        }
    }
}
