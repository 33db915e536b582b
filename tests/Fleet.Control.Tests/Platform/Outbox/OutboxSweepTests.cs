using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using MassTransit;

namespace Fleet.Control.Tests.Platform.Outbox;

/// <summary>What is due, whoever wrote it: rows that dead processes left, and timers.</summary>
public sealed class OutboxSweepTests : IAsyncLifetime
{
    private static readonly string Worker1 = AgentAddress.ExchangeOf("worker-1").OriginalString;

    private readonly DatabaseFixture _house = new();

    public Task InitializeAsync() => _house.InitializeAsync();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task What_a_dead_process_left_is_taken_over_when_its_claim_has_run_out()
    {
        var (job, marker) = (Guid.NewGuid(), Guid.NewGuid());
        await using var dying = await TestControl.Start(_house);
        await dying.Commit(unit =>
        {
            unit.Send(AgentAddress.ExchangeOf("worker-1"), Stop(job), job);
            return Task.CompletedTask;
        });
        await dying.Stop<GroupCommit>();
        var row = (await _house.Outbox(job)).Single();

        await _house.Leave(Worker1, Stop(marker), marker);
        await using var heir = await Sweeping();
        await Eventually.True(() => heir.Post.Delivered.Count == 1, "the unclaimed row was delivered");
        heir.Post.All<StopAttempt>().Single().WorkId.ShouldBe(marker);

        await _house.Do("update outbox set claimed_until = now() where id = '" + row.Id + "'");
        await Eventually.True(() => heir.Post.Delivered.Count == 2, "the claimed row was taken over");
        heir.Post.Delivered[1].ShouldBe(new SentMessages.Letter(row.Id, "agent-worker-1", Stop(job)));
        await Eventually.True(async () => (await _house.Outbox(job)).Count == 0, "it is deleted");
    }

    [Fact]
    public async Task Two_processes_take_over_each_row_once()
    {
        var about = Guid.NewGuid();
        for (var i = 0; i < 60; i++)
            await _house.Leave(AgentAddress.ExchangeOf($"worker-{i % 3}").OriginalString, Stop(Guid.NewGuid()), about);
        await using var one = await Sweeping();
        await using var other = await Sweeping();
        await Eventually.True(async () => (await _house.Outbox(about)).Count == 0, "all is delivered and deleted");
        var letters = one.Post.Delivered.Concat(other.Post.Delivered).ToList();
        letters.Count.ShouldBe(60);
        letters.Select(letter => letter.Id).Distinct().Count().ShouldBe(60);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_holds_up_no_other()
    {
        var (bad, good) = (Guid.NewGuid(), Guid.NewGuid());
        await using var control = await Sweeping();
        var poison = await _house.Leave(Worker1, Stop(bad), bad, type: "Fleet.Contracts.Jobs.Forgotten");
        await Eventually.True(async () => (await _house.OutboxRow(poison))?.Attempts == 1, "the failure was noted");
        (await _house.OutboxRow(poison))!.LastError!.ShouldContain("Forgotten");

        await control.Commit(unit =>
        {
            unit.Send(AgentAddress.ExchangeOf("worker-1"), Stop(good), good);
            return Task.CompletedTask;
        });
        await Eventually.True(() => control.Post.Delivered.Count == 1, "the next one was delivered");
        control.Post.All<StopAttempt>().Single().WorkId.ShouldBe(good);
    }

    [Fact]
    public async Task A_timer_rings_once_whoever_hears_it()
    {
        await using var one = await Sweeping(CountRings);
        await using var other = await Sweeping(CountRings);
        var before = Rings.Count;
        var soon = TimeProvider.System.GetUtcNow().AddMilliseconds(500);
        var jobs = Enumerable.Range(0, 40).Select(i => TestJobs.Submission(Guid.CreateVersion7(), expiresAt: soon)).ToArray();
        await one.Submit(jobs);
        foreach (var job in jobs)
        {
            await Eventually.True(async () => (await _house.Job(job.WorkId)).State == "Expired", "it expired");
            (await _house.History(job.WorkId)).ShouldBe(["state", "state", "end"]);
        }

        await Eventually.True(async () => await _house.Ask<long>("select count(*) from outbox") == 0, "the timers are gone");
        (Rings.Count - before).ShouldBe(40);
    }

    [Fact]
    public async Task A_timer_that_is_taken_back_by_the_unit_that_set_it_is_never_stored()
    {
        await using var control = await TestControl.Start(_house);
        var job = TestJobs.Submission(Guid.CreateVersion7(), expiresAt: TimeProvider.System.GetUtcNow().AddHours(1));
        await control.Commit(
            async unit =>
            {
                await unit.Raise(job);
                unit.Sends.Count.ShouldBe(1);
                await unit.Raise(new CancelWork(job.WorkId, JobKinds.Noop, "somebody"));
                unit.Sends.ShouldBeEmpty();
                unit.Unscheduled.ShouldBeEmpty();
            },
            RowRef.New<Fleet.Control.Jobs.Job>(job.WorkId));
        (await _house.Outbox(job.WorkId)).ShouldBeEmpty();
        (await _house.Job(job.WorkId)).ExpiryToken.ShouldBeNull();
    }

    [Fact]
    public async Task A_stored_timer_can_be_taken_back()
    {
        await using var control = await TestControl.Start(_house);
        var job = await control.Submit(expiresAt: TimeProvider.System.GetUtcNow().AddHours(1));
        var timer = (await _house.Outbox(job)).Single();
        timer.Token.ShouldBe((await _house.Job(job)).ExpiryToken);
        timer.ClaimedUntil.ShouldBeNull();
        timer.Destination.ShouldBe(OutboxRow.ToLifecycle);

        await control.Raise(job, new CancelWork(job, JobKinds.Noop, "somebody"));
        (await _house.Outbox(job)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_timer_that_the_job_no_longer_holds_is_refused()
    {
        await using var control = await Sweeping();
        var job = await control.Run(maxAttempts: 5);
        await _house.Do("update work_state set failures = 3 where id = '" + job + "'"); // the pause is long enough to look at
        await control.Raise(job, new AttemptFinished(job, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Failed, 1)));
        var waiting = await _house.Job(job);
        (waiting.State, waiting.Ready).ShouldBe(("Queued", false));

        var stale = await _house.Leave(OutboxRow.ToLifecycle, new RetryDue(job, JobKinds.Noop), job, token: Guid.CreateVersion7());
        await Eventually.True(async () => await _house.OutboxRow(stale) is null, "the stale timer rang");
        var after = await _house.Job(job);
        (after.State, after.Ready, after.RetryToken).ShouldBe(("Queued", false, waiting.RetryToken));

        await _house.Do("update outbox set deliver_at = now() where token = '" + waiting.RetryToken + "'");
        await Eventually.True(async () => (await _house.Job(job)).Ready, "its own timer rang");
        (await _house.Job(job)).RetryToken.ShouldBeNull();
    }

    [Fact]
    public async Task A_timer_of_a_job_that_is_gone_changes_nothing()
    {
        await using var control = await Sweeping();
        var id = await _house.Leave(
            OutboxRow.ToLifecycle, new RetryDue(Guid.NewGuid(), JobKinds.Noop), Guid.NewGuid(), token: Guid.CreateVersion7());
        await Eventually.True(async () => await _house.OutboxRow(id) is null, "it rang");
    }

    private static StopAttempt Stop(Guid job) => new(job, JobKinds.Noop, 1, 10);

    private static void CountRings(IServiceCollection services) =>
        services.AddSingleton<ILifecycles>(provider => new Rings(provider.GetRequiredService<WorkKinds>()));

    private async Task<TestControl> Sweeping(Action<IServiceCollection>? change = null)
    {
        var control = await TestControl.Start(_house, change);
        await control.Start<MassTransitHostedService>();
        await control.Start<OutboxDelivery>();
        await control.Start<OutboxSweep>();
        return control;
    }

    /// <summary>Counts the timers that are raised.</summary>
    private sealed class Rings(WorkKinds kinds) : ILifecycles
    {
        private static int _count;

        public static int Count => _count;

        public Task Raise(UnitOfWork unit, IWorkMessage message, Guid? token)
        {
            if (message is WorkExpired)
                Interlocked.Increment(ref _count);
            return kinds.Raise(unit, message, token);
        }

        public Task<IVersionedRow?> Load(FleetDbContext db, RowRef row) => kinds.Load(db, row);
    }
}
