using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Agents;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Work.Attempts;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Which attempts nobody answers for. Times lie in the database, so no test waits for them.</summary>
public sealed class JobLeaseWatchTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private readonly Guid _session = Guid.NewGuid();
    private TestControl _control = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house);
        await Register(_session);
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task An_attempt_of_a_silent_agent_is_lost()
    {
        var (running, assigned) = (await Running(), await Assigned());
        await Beat(running, assigned);
        await _house.Do("update agents set beat_at = now() - interval '46 s'");
        await Look();
        await Eventually.True(async () => await Reason(running) == "agent_lost", "it was lost");
        await Eventually.True(async () => await Reason(assigned) == "agent_lost", "it was lost");
        (await _house.Job(running)).Failures.ShouldBe(1);
        (await _house.Job(assigned)).Failures.ShouldBe(0);
    }

    [Fact]
    public async Task An_attempt_of_an_agent_that_is_not_known_is_lost()
    {
        var job = await Running();
        await _house.Do("delete from agents");
        await Look();
        await Eventually.True(async () => await Reason(job) == "agent_lost", "it was lost");
    }

    [Fact]
    public async Task An_attempt_of_an_earlier_run_of_the_agent_is_lost()
    {
        var (job, known) = (await Running(), await Running());
        var session = Guid.NewGuid();
        await Register(session);
        await BeatOf(session, 1, known);
        await Look();
        await Eventually.True(async () => await Reason(job) == "agent_restarted", "it was lost");
        (await _house.Job(known)).State.ShouldBe("Running", "the new run has its end to tell");
    }

    [Fact]
    public async Task A_new_run_that_has_not_said_what_it_knows_is_waited_for()
    {
        var job = await Running();
        await Register(Guid.NewGuid());
        await Round();
        (await _house.Job(job)).State.ShouldBe("Running");
        await _house.Do("update agents set session_at = now() - interval '46 s'");
        _control.Get<LeaseWatch>().LookNow();
        await Eventually.True(async () => await Reason(job) == "agent_lost", "it was waited for long enough");
    }

    [Fact]
    public async Task What_a_closing_agent_does_not_name_is_handed_back()
    {
        var (running, assigned, named) = (await Running(), await Assigned(), await Running());
        await _control.Get<AgentStore>().Beat(
            new AgentBeat("worker-1", _session, 1, [new AttemptInHand(named, 1)], Closing: true), TimeSpan.Zero, CancellationToken.None);
        await Look();
        await Eventually.True(async () => await Reason(running) == "agent_stopped", "it was handed back");
        await Eventually.True(async () => await Reason(assigned) == "agent_stopped", "it was handed back");
        (await _house.Job(running)).Failures.ShouldBe(0);
        (await _house.Job(named)).State.ShouldBe("Running");
    }

    [Fact]
    public async Task An_agent_that_fell_silent_may_have_begun()
    {
        var job = await Assigned();
        await Beat();
        await Age(job, seconds: 30);
        await _house.Do("update agents set beat_at = now() - interval '29 s'");
        await Round();
        (await _house.Job(job)).State.ShouldBe("Assigned", "its lease decides");
    }

    [Fact]
    public async Task An_assignment_that_is_not_taken_in_time_is_lost()
    {
        var job = await Assigned();
        await Age(job, seconds: 16);
        await Beat();
        await Look();
        await Eventually.True(async () => await Reason(job) == "not_accepted", "it was lost");
    }

    [Fact]
    public async Task An_attempt_that_the_agent_no_longer_names_is_lost()
    {
        var job = await Running();
        await Age(job, seconds: 60);
        await Beat();
        await Look();
        await Eventually.True(async () => await Reason(job) == "not_in_hand", "it was lost");
    }

    [Fact]
    public async Task Everything_else_is_left_alone()
    {
        var (fresh, named, early) = (await Assigned(), await Assigned(), await Running());
        await Beat(named);
        await Age(fresh, seconds: -3600);
        await Age(named, seconds: 60);
        await Age(early, seconds: 20);
        await _house.Do("update agents set beat_at = now() - interval '6 s'"); // 14 s after the start: too early to tell
        var queued = await _control.Submit();

        await Round();
        foreach (var (job, state) in ((Guid, string)[])
            [(fresh, "Assigned"), (named, "Assigned"), (early, "Running"), (queued, "Queued")])
            (await _house.Job(job)).State.ShouldBe(state);
    }

    [Fact]
    public async Task An_attempt_that_is_being_cancelled_is_watched_too()
    {
        var job = await Running();
        await _control.Raise(job, new CancelWork(job, JobKinds.Noop, "somebody"));
        await _house.Do("delete from agents");
        await Look();
        await Eventually.True(async () => (await _house.Job(job)).State == "Cancelled", "it ended");
    }

    private async Task<Guid> Assigned()
    {
        var job = await _control.Submit(maxAttempts: 3);
        await _control.Raise(job, new AssignWork(job, JobKinds.Noop, "worker-1", _session));
        return job;
    }

    private async Task<Guid> Running()
    {
        var job = await Assigned();
        await _control.Raise(job, new AttemptStarted(job, JobKinds.Noop, 1, "worker-1"));
        return job;
    }

    private Task Age(Guid job, int seconds) =>
        _house.Do($"update work_state set assigned_at = now() - interval '{seconds} s' where id = '{job}'");

    private Task Register(Guid session) => _control.Register("worker-1", session, slots: 9);

    private Task<bool> Beat(params Guid[] jobs) => BeatOf(_session, 1, jobs);

    private Task<bool> BeatOf(Guid session, long number, params Guid[] jobs) => _control.Get<AgentStore>().Beat(
        new AgentBeat("worker-1", session, number, [.. jobs.Select(job => new AttemptInHand(job, 1))]), TimeSpan.Zero, CancellationToken.None);

    /// <summary>Looks, and returns when all has been looked at.</summary>
    private async Task Round()
    {
        var marker = await _control.Submit();
        await _control.Raise(marker, new AssignWork(marker, JobKinds.Noop, "nobody", _session));
        await Look();
        await Eventually.True(async () => await Reason(marker) == "agent_lost", "the round is over");
    }

    private async Task Look()
    {
        await _control.Start<Leadership>();
        await Eventually.True(() => _control.Get<Leadership>().IsMine, "it leads");
        await _control.Start<LeaseWatch>();
        _control.Get<LeaseWatch>().LookNow();
    }

    /// <summary>Why the job was queued again, by its journal.</summary>
    private Task<string> Reason(Guid job) => _house.Ask<string>(
        """
        select coalesce((select data ->> 'reason' from journal
        where stream = $1 and type = 'state' and data ->> 'to' = 'queued' order by seq desc limit 1), '')
        """,
        job);
}
