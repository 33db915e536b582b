using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Agents;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Attempts;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Everything that keeps a job going is taken away, and it goes on.</summary>
public sealed class JobReconcilerTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private readonly Guid _session = Guid.NewGuid();
    private TestControl _control = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house);
        _control.Get<LeaseSettings>().ReconcileSeconds = 0.5;
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task A_job_whose_retry_timer_is_gone_becomes_ready()
    {
        var job = await Paused();
        await _house.Do("delete from outbox");
        await Begin();
        await Eventually.True(async () => (await _house.Job(job)).Ready, "it is ready");
    }

    [Fact]
    public async Task A_job_whose_expiry_timer_is_gone_expires()
    {
        var job = await _control.Submit(expiresAt: TimeProvider.System.GetUtcNow().AddMinutes(5));
        await _house.Do("delete from outbox");
        await _house.Do("update work_state set expires_at = now() - interval '1 s'");
        await Begin();
        await Eventually.True(async () => (await _house.Job(job)).State == "Expired", "it expired");
    }

    [Fact]
    public async Task A_job_whose_grace_timer_is_gone_asks_its_agent_again()
    {
        var job = await _control.Run();
        await _control.Raise(job, new CancelWork(job, JobKinds.Noop, "somebody"));
        await _house.Do("delete from outbox");
        await Begin();
        await Eventually.True(
            async () => await _house.Ask<long>("select count(*) from outbox where message_type like '%StopAttempt'") == 1,
            "the agent is asked again");
        (await _house.Ask<long>("select count(*) from outbox where token is not null")).ShouldBe(1);
    }

    [Fact]
    public async Task Jobs_whose_timers_are_there_are_left_alone()
    {
        var paused = await Paused();
        var limited = await _control.Submit(expiresAt: TimeProvider.System.GetUtcNow().AddMinutes(5));
        var before = ((await _house.Job(paused)).Version, (await _house.Job(limited)).Version);
        var omissions = _control.Get<WorkInvariants>();
        (await omissions.FindLostTimers(CancellationToken.None)).ShouldBeEmpty();
        await Begin();
        await Eventually.StaysTrue(
            async () => ((await _house.Job(paused)).Version, (await _house.Job(limited)).Version) == before,
            TimeSpan.FromSeconds(1.2),
            "both are left alone");
    }

    [Fact]
    public async Task An_agent_that_names_what_went_elsewhere_is_told_to_stop_it()
    {
        await _control.Register("worker-1", _session, slots: 9);
        var (elsewhere, its, done) = (await _control.Run(maxAttempts: 2), await _control.Run(), await _control.Run());
        await _control.Raise(elsewhere, new AttemptLost(elsewhere, JobKinds.Noop, 1, "agent_lost"));
        await _control.Raise(elsewhere, new AssignWork(elsewhere, JobKinds.Noop, "worker-2", Guid.NewGuid()));
        await _control.Raise(done, new AttemptFinished(done, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Succeeded, 0)));
        await _control.Get<AgentStore>().Beat(
            new AgentBeat("worker-1", _session, 1, [new(elsewhere, 1), new(its, 1), new(done, 1)]), TimeSpan.Zero, CancellationToken.None);
        (await _control.Get<WorkInvariants>().FindOverstaying(_control.Get<DatabaseClock>().Now, CancellationToken.None)).ShouldBeEmpty("that beat may be older");
        await _house.Do("update work_state set assigned_at = now() - interval '20 s', finished_at = finished_at - interval '20 s'");
        await Begin();
        await Eventually.True(() => _control.Post.All<StopAttempt>().Any(), "it is told");
        _control.Post.All<StopAttempt>().Distinct().ShouldBe([new StopAttempt(elsewhere, JobKinds.Noop, 1, 0)]);
    }

    private async Task<Guid> Paused()
    {
        var job = await _control.Run(maxAttempts: 2);
        await _control.Raise(
            job, new AttemptFinished(job, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Failed, 1, ErrorCode: "exit_code")));
        (await _house.Job(job)).Ready.ShouldBeFalse();
        return job;
    }

    private async Task Begin()
    {
        await _control.Start<Leadership>();
        await Eventually.True(() => _control.Get<Leadership>().IsMine, "it leads");
        await _control.Start<WorkReconciler>();
    }
}
