using Fleet.Control.Platform.Cluster;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Cluster;

/// <summary>One process leads at a time.</summary>
public sealed class LeadershipTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private TestControl _control = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = TestControl.On(_house);
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_contenders_one_leads_and_stays_so()
    {
        await using var one = await Contend();
        await using var other = await Contend();
        for (var round = 0; round < 3; round++)
        {
            one.Leads.ShouldBeTrue();
            other.Leads.ShouldBeFalse();
            await one.Round();
            await other.Round();
        }
    }

    [Fact]
    public async Task Whoever_asks_first_after_the_lease_ran_out_leads()
    {
        await using var one = await Contend();
        await using var other = await Contend();
        await _house.Do("update leaders set until = now() - interval '1 ms'");
        await other.Round();
        other.Leads.ShouldBeTrue();
        await one.Round();
        one.Leads.ShouldBeFalse();
    }

    [Fact]
    public async Task Nobody_takes_the_lead_from_a_unit_that_holds_it_before_its_commit()
    {
        await using var one = await TestControl.Start(_house);
        await one.Start<Leadership>();
        await Eventually.True(() => one.Get<Leadership>().IsMine, "it leads");
        await using var other = await Contend();
        var (held, go) = (new TaskCompletionSource<bool>(), new TaskCompletionSource());
        var unit = one.Commit(async unit =>
        {
            held.TrySetResult(await one.Get<Leadership>().Hold(unit));
            await go.Task;
        });
        (await held.Task.Within()).ShouldBeTrue();
        await one.Stop<Leadership>().WaitAsync(TimeSpan.FromMilliseconds(300))
            .ContinueWith(_ => { }, TaskScheduler.Default); // it cannot let go either
        var taking = other.Round();
        await Eventually.StaysTrue(() => !other.Leads, TimeSpan.FromMilliseconds(200), "the other does not lead");
        go.SetResult();
        await unit.Within();
        await taking.Within();
        await Eventually.True(
            async () =>
            {
                await other.Round();
                return other.Leads;
            },
            "the other leads");
    }

    [Fact]
    public async Task Who_does_not_lead_holds_nothing()
    {
        await using var one = await Contend();
        await using var other = await TestControl.Start(_house);
        await other.Commit(async unit => (await other.Get<Leadership>().Hold(unit)).ShouldBeFalse());
    }

    [Fact]
    public async Task A_leader_that_stops_makes_room_at_once()
    {
        var one = await Contend();
        await using var other = await Contend();
        await one.DisposeAsync();
        one.Leads.ShouldBeFalse();
        await other.Round();
        other.Leads.ShouldBeTrue();
    }

    [Fact]
    public async Task A_follower_that_stops_leaves_the_leader_alone()
    {
        await using var one = await Contend();
        var other = await Contend();
        await other.DisposeAsync();
        (await _house.Ask<long>("select count(*) from leaders")).ShouldBe(1);
        await one.Round();
        one.Leads.ShouldBeTrue();
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_stops_before_its_lease_ends()
    {
        await using var one = await Contend();
        await _house.TakeDatabaseAway();
        await one.Round();
        one.Leads.ShouldBeTrue();
        await one.Round();
        await one.Round();
        one.Leads.ShouldBeTrue();
        one.Clock.Advance(TimeSpan.FromMilliseconds(499));
        one.Leads.ShouldBeTrue();
        one.Clock.Advance(TimeSpan.FromMilliseconds(1));
        one.Leads.ShouldBeFalse(); // 3.5 s after it asked for a lease of 5 s

        await _house.GiveDatabaseBack();
        await one.Round();
        one.Leads.ShouldBeTrue();
    }

    [Fact]
    public async Task Many_that_start_at_once_get_one_leader()
    {
        var contenders = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Contend()));
        contenders.Count(contender => contender.Leads).ShouldBe(1);
        await Task.WhenAll(contenders.Select(contender => contender.DisposeAsync().AsTask()));
        (await _house.Ask<long>("select count(*) from leaders")).ShouldBe(0);
    }

    private async Task<Contender> Contend()
    {
        var clock = new ManualClock();
        var contender = new Contender(
            new Leadership(_control.Get<NpgsqlDataSource>(), new ControlIdentity(), clock, _control.Get<ClusterLog>()), clock);
        await contender.Start();
        return contender;
    }

    /// <summary>A process whose next round comes when the test says so.</summary>
    private sealed class Contender(Leadership leadership, ManualClock clock) : IAsyncDisposable
    {
        public ManualClock Clock => clock;

        public bool Leads => leadership.IsMine;

        public async Task Start()
        {
            await leadership.StartAsync(CancellationToken.None);
            await Asked();
        }

        public Task Round()
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return Asked();
        }

        public async ValueTask DisposeAsync()
        {
            await leadership.StopAsync(CancellationToken.None);
            leadership.Dispose();
        }

        private Task Asked() => Eventually.True(() => clock.Waiting == 1, "it waits for its next round");
    }
}
