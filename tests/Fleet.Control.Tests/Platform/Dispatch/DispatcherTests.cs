using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Platform.Dispatch;

/// <summary>Waiting jobs and free slots, in a real database with made-up agents.</summary>
public sealed class DispatcherTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly DatabaseFixture _house = new();
    private readonly TestAgents _agents = new();

    public Task InitializeAsync() => _house.InitializeAsync();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_job_goes_to_the_session_of_an_agent_that_has_room()
    {
        var agent = _agents.Add("worker-1", slots: 1);
        await using var control = await Dispatching();
        var id = await control.Submit();
        await Eventually.True(async () => (await _house.Job(id)).State == "Assigned", "it was assigned");
        var job = await _house.Job(id);
        (job.Attempt, job.Agent, job.AgentSession).ShouldBe((1, "worker-1", agent.Session));
        (await _house.Outbox(id)).Single().MessageType.ShouldBe("Fleet.Contracts.Attempts.RunAttempt");
    }

    [Fact]
    public async Task Agents_never_get_more_than_they_have_and_a_free_slot_is_taken_at_once()
    {
        _agents.Add("worker-1", slots: 5);
        _agents.Add("worker-2", slots: 3);
        await using var control = await Dispatching();
        await control.Submit([.. Enumerable.Range(0, 30).Select(_ => TestJobs.Submission(Guid.CreateVersion7()))]);
        var done = 0;
        while (done < 30)
        {
            await Eventually.True(async () => (await InHand()).Count == Math.Min(8, 30 - done), "all slots are taken");
            var inHand = await InHand();
            inHand.Count(job => job.Agent == "worker-1").ShouldBeLessThanOrEqualTo(5);
            inHand.Count(job => job.Agent == "worker-2").ShouldBeLessThanOrEqualTo(3);
            foreach (var job in inHand)
                await Finish(control, job);
            done += inHand.Count;
        }

        (await _house.Ask<long>("select count(*) from work_rows where state = 'Succeeded' and attempt = 1")).ShouldBe(30);
    }

    [Fact]
    public async Task What_is_first_by_rank_runs_first_across_all_lanes()
    {
        _agents.Add("worker-1", slots: 1, ("zone", "north"));
        SubmitWork[] jobs =
        [
            TestJobs.Submission(Guid.CreateVersion7(), priority: 4),
            TestJobs.Submission(Guid.CreateVersion7(), priority: 7, agent: "worker-1"),
            TestJobs.Submission(Guid.CreateVersion7(), priority: 9, labels: new Dictionary<string, string> { ["zone"] = "north" }),
            TestJobs.Submission(Guid.CreateVersion7(), priority: 0),
            TestJobs.Submission(Guid.CreateVersion7(), priority: 8),
            TestJobs.Submission(Guid.CreateVersion7(), priority: 9, labels: new Dictionary<string, string> { ["zone"] = "south" }),
            TestJobs.Submission(Guid.CreateVersion7(), priority: 9, agent: "worker-2"),
        ];
        await using var control = await TestControl.Start(_house, _agents.Install);
        await control.Submit(jobs);
        await StartDispatching(control);
        var order = new List<int>();
        while (order.Count < 5)
        {
            await Eventually.True(async () => (await InHand()).Count == 1, "the slot is taken");
            var job = (await InHand()).Single();
            order.Add(job.Priority);
            await Finish(control, job);
        }

        order.ShouldBe([9, 8, 7, 4, 0]);
        (await _house.Job(jobs[5].WorkId)).State.ShouldBe("Queued");
        (await _house.Job(jobs[6].WorkId)).State.ShouldBe("Queued");
    }

    [Fact]
    public async Task A_job_that_pauses_before_its_next_attempt_is_left_alone()
    {
        await using var control = await TestControl.Start(_house, _agents.Install);
        var pausing = await control.Run(maxAttempts: 3);
        await control.Raise(pausing, new AttemptFinished(pausing, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Failed, 1)));
        _agents.Add("worker-1", slots: 10);
        await StartDispatching(control);
        var marker = await control.Submit();
        await Eventually.True(async () => (await _house.Job(marker)).State == "Assigned", "the other was assigned");
        (await _house.Job(pausing)).Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task A_round_that_fails_is_repeated()
    {
        _agents.Add("worker-1", slots: 1);
        _agents.Trouble = new InvalidOperationException("no agents today");
        await using var control = await Dispatching();
        var id = await control.Submit();
        await Eventually.True(() => control.Log.Lines.Any(line => line.Contains("no agents today")), "it was told");
        _agents.Trouble = null;
        await Eventually.True(async () => (await _house.Job(id)).State == "Assigned", "it was assigned");
    }

    [Fact]
    public async Task Of_two_processes_one_dispatches_and_the_other_goes_on_when_it_is_gone()
    {
        _agents.Add("worker-1", slots: 20);
        var idle = new TestAgents();
        await using var one = await Dispatching();
        await using var other = await TestControl.Start(_house, idle.Install);
        await StartDispatching(other, leading: false);
        idle.Add("worker-1", slots: 20);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? one : other).Submit()));
        await Eventually.True(async () => (await InHand()).Count == 10, "all were assigned");
        idle.Asked.ShouldBe(0);
        (await _house.Ask<int>("select max(attempt) from work_rows")).ShouldBe(1);

        await one.Stop<Leadership>();
        await Eventually.True(() => other.Get<Leadership>().IsMine, "the other leads");
        var next = await other.Submit();
        await Eventually.True(async () => (await _house.Job(next)).State == "Assigned", "the other dispatched");
        idle.Asked.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_job_that_finds_a_free_slot_is_assigned_in_the_transaction_that_accepts_it()
    {
        _agents.Add("worker-1", slots: 1);
        await using var control = await Dispatching();
        await Eventually.True(() => _agents.Asked > 0, "the slots are known");
        await control.Submit(); // the first round may still be under way
        await Eventually.True(async () => (await InHand()).Count == 1, "it is assigned");
        await Finish(control, (await InHand()).Single());

        await Eventually.True(() => !control.Get<SlotLedger>().HasWaiting, "nothing waits");
        var id = await control.Submit();
        (await _house.Job(id)).State.ShouldBe("Assigned");
        (await _house.Ask<long>("select count(distinct xmin::text) from journal where stream = $1", id)).ShouldBe(1);
    }

    [Fact]
    public async Task A_slot_that_is_being_given_away_is_not_given_to_another()
    {
        _agents.Add("worker-1", slots: 1);
        await using var leader = await Dispatching();
        await using var other = await TestControl.Start(_house, _agents.Install);
        await Eventually.True(() => leader.Get<SlotLedger>().RoomFor(DemandKey.Read(DemandKey.Of("noop", "noop", null, Nothing))) == 1, "it is known");

        // a round has read what waits and who holds what, and has not yet heard which agents there are
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await other.Submit();
        _agents.BeforeAnswer = async () =>
        {
            asked.TrySetResult();
            await answer.Task;
        };
        leader.Get<WorkSignal>().Set();
        await asked.Task.Within();

        // meanwhile another job takes the slot, and its commit takes its time
        await using (var block = await TableLock.On(_house, "journal"))
        {
            _ = leader.Submit();
            await block.StandsInTheWay();
            answer.SetResult();
            await Eventually.True(() => leader.Get<SlotLedger>().HasWaiting, "the round went on");
        }

        await Eventually.True(async () => (await InHand()).Count > 0, "one is assigned");
        var rounds = _agents.Asked + 2;
        await Eventually.True(() => _agents.Asked >= rounds, "two more rounds are over");
        (await InHand()).Count.ShouldBe(1);
        (await _house.Ask<long>("select count(*) from work_rows where state = 'Queued'")).ShouldBe(1);
    }

    private static Task Finish(TestControl control, Job job) => control.Raise(
        job.CorrelationId,
        new AttemptFinished(job.CorrelationId, JobKinds.Noop, job.Attempt, job.Agent!, new AttemptResult(AttemptOutcome.Succeeded, 0)));

    private async Task<TestControl> Dispatching()
    {
        var control = await TestControl.Start(_house, _agents.Install);
        await StartDispatching(control);
        return control;
    }

    private static async Task StartDispatching(TestControl control, bool leading = true)
    {
        await control.Start<Leadership>();
        if (leading)
            await Eventually.True(() => control.Get<Leadership>().IsMine, "it leads");
        await control.Start<Dispatcher>();
    }

    private Task<List<Job>> InHand() => _house.JobsIn("Assigned");
}
