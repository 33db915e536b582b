using System.Collections.Concurrent;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Changes;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Changes;

/// <summary>All that changes, each once, in an order in which it can be left and taken up again.</summary>
public sealed class ChangeFeedTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Whoever_watches_is_told_of_every_state_whichever_Control_committed_it()
    {
        await using var one = await Control();
        await using var other = await Control();
        await using var watcher = await Watcher.On(one);
        var first = await one.Submit();
        var second = await other.Submit();
        await other.Raise(first, new AssignWork(first, JobKinds.Noop, "worker-1", Guid.NewGuid()));
        await one.Raise(first, new AttemptStarted(first, JobKinds.Noop, 1, "worker-1"));
        await watcher.Sees(first, "queued", "assigned", "running");
        await watcher.Sees(second, "queued");
        watcher.Changes.Where(change => change.About == first).Select(change => change.Seq!.Value).ShouldBeInOrder();
    }

    [Fact]
    public async Task What_commits_late_with_an_older_number_is_neither_lost_nor_told_out_of_turn()
    {
        await using var control = await Control();
        await using var watcher = await Watcher.On(control);
        await using var slow = new NpgsqlConnection(house.ConnectionString + ";Pooling=false");
        await slow.OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        var late = Guid.NewGuid();
        await using (var insert = new NpgsqlCommand(
            "insert into changes (tenant, family, kind, about, type, at) values ('default', 'agent', 'agent', $1, 'online', now())", slow))
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = late });
            await insert.ExecuteNonQueryAsync();
        }

        var job = await control.Submit(); // a younger transaction, committed first
        await Eventually.True(async () => (await house.Ask<long>("select count(*) from changes where about = $1", job)) == 1, "it is stored");
        watcher.Changes.ShouldNotContain(change => change.About == job);
        await transaction.CommitAsync();
        await watcher.Sees(job, "queued");
        watcher.Changes.Select(change => change.About).Where(id => id == late || id == job).ShouldBe([late, job]);
    }

    [Fact]
    public async Task It_goes_on_behind_any_place_also_for_those_who_come_late()
    {
        await using var control = await Control();
        await using var whole = await Watcher.On(control);
        var jobs = new List<Guid>();
        for (var i = 0; i < 20; i++)
            jobs.Add(await control.Submit());
        await Eventually.True(() => jobs.TrueForAll(job => whole.Changes.Any(change => change.About == job)), "all of them");
        var all = whole.Changes.Select(change => change.Id).ToList();
        all.ShouldBeInOrder();
        for (var i = 0; i < all.Count; i += 7)
        {
            await using var later = new Watcher(control, all[i]);
            var left = all[(i + 1)..];
            await Eventually.True(() => later.Changes.Count >= left.Count, "the rest");
            later.Changes.Take(left.Count).Select(change => change.Id).ShouldBe(left);
        }
    }

    [Fact]
    public async Task What_is_forgotten_is_said_and_the_newest_of_it_stays_as_a_place()
    {
        await using var control = await Control();
        var feed = control.Get<ChangeFeed>();
        var before = await feed.Now(CancellationToken.None);
        await control.Submit();
        await control.Submit();
        (await feed.IsKept(before, CancellationToken.None)).ShouldBeTrue();
        await house.Do("update changes set at = at - interval '2 days'");
        await house.Do(ChangeSql.Forget);
        (await feed.IsKept(before, CancellationToken.None)).ShouldBeFalse();
        (await house.Ask<long>("select count(*) from changes")).ShouldBe(1);
        await Eventually.True( // transactions of other databases of the server are older for a while
            async () => await feed.IsKept(await feed.Now(CancellationToken.None), CancellationToken.None), "the place of now is kept");
        (await feed.IsKept(new ChangeId(ulong.MaxValue, 0), CancellationToken.None)).ShouldBeFalse(); // of no time that was
    }

    private async Task<TestControl> Control()
    {
        var control = await TestControl.Start(house);
        await control.Start<ChangeFeed>();
        return control;
    }

    /// <summary>Keeps what it is told.</summary>
    private sealed class Watcher : IAsyncDisposable
    {
        private readonly CancellationTokenSource _over = new();
        private readonly ConcurrentQueue<Change> _changes = [];
        private readonly Task _watching;

        public Watcher(TestControl control, ChangeId after) => _watching = Watch(control.Get<ChangeFeed>(), after);

        public IReadOnlyList<Change> Changes => [.. _changes];

        public static async Task<Watcher> On(TestControl control) =>
            new(control, await control.Get<ChangeFeed>().Now(CancellationToken.None));

        public Task Sees(Guid about, params string[] states) => Eventually.True(
            () => states.SequenceEqual(Changes.Where(change => change.About == about && change.Type == "state").Select(To)),
            $"{string.Join(' ', states)} of {about}");

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _over.Dispose();
        }

        private static string To(Change change) =>
            System.Text.Json.JsonDocument.Parse(change.Data!).RootElement.GetProperty("to").GetString()!;

        private async Task Watch(ChangeFeed feed, ChangeId after)
        {
            await foreach (var page in feed.Follow(after, Long, _over.Token))
            {
                foreach (var change in page.Changes)
                    _changes.Enqueue(change);
            }
        }
    }
}
