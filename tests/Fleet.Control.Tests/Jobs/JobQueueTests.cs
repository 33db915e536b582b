using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Queue;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Control.Tests.Webhooks.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>What waits and what is taken, as the dispatcher sees it.</summary>
public sealed class JobQueueTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private TestControl _control = null!;

    private WorkQueue Queue =>
        new(_control.Get<Npgsql.NpgsqlDataSource>(), _control.Get<RateStarts>(), _control.Get<WorkKinds>());

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
    public async Task An_empty_queue_has_no_lanes()
    {
        var situation = await Queue.Look(CancellationToken.None);
        situation.Demands.ShouldBeEmpty();
        situation.Held.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_demand_is_a_lane_of_its_own_whatever_its_letters()
    {
        Dictionary<string, string>[] demands =
        [
            [], new() { ["a"] = "b" }, new() { ["A"] = "b" }, new() { ["a"] = "B" }, new() { ["é"] = "漢😀" },
            new() { ["\"],["] = "\\ %_$1\n\t\u0001" }, new() { ["a"] = "b", ["c"] = "d" }, new() { ["a b"] = "c" },
        ];
        foreach (var labels in demands)
        {
            for (var i = 0; i < 3; i++)
                await _control.Submit(TestJobs.Submission(Guid.CreateVersion7(), labels: labels));
        }

        await _control.Submit(TestJobs.Submission(Guid.CreateVersion7(), agent: "worker-1"));
        var lanes = (await Queue.Look(CancellationToken.None)).Demands;
        lanes.Count.ShouldBe(demands.Length + 1);
        foreach (var labels in demands)
        {
            var lane = lanes.Single(lane => lane.Agent is null && Same(lane.Labels, labels));
            (await Queue.Next(lane.Key, 10, Any, CancellationToken.None)).Work.Count.ShouldBe(3);
        }

        static bool Same(IReadOnlyDictionary<string, string> one, Dictionary<string, string> other) =>
            one.Count == other.Count && one.All(label => other.GetValueOrDefault(label.Key) == label.Value);
    }

    [Fact]
    public async Task The_first_of_a_lane_are_those_of_high_priority_and_then_the_oldest()
    {
        var now = TimeProvider.System.GetUtcNow();
        var jobs = Enumerable.Range(0, 6)
            .Select(i => TestJobs.Submission(Guid.CreateVersion7(now.AddMilliseconds(i)), priority: i % 3)).ToArray();
        await _control.Submit(jobs);
        var lane = (await Queue.Look(CancellationToken.None)).Demands.Single();
        (await Queue.Next(lane.Key, 5, Any, CancellationToken.None)).Work.Select(work => work.Id).ShouldBe(
            [jobs[2].WorkId, jobs[5].WorkId, jobs[1].WorkId, jobs[4].WorkId, jobs[0].WorkId]);
    }

    [Fact]
    public async Task Only_what_is_ready_waits_and_only_what_agents_have_holds_a_slot()
    {
        var ready = await _control.Submit();
        var pausing = await _control.Run(maxAttempts: 2);
        await _control.Raise(
            pausing, new AttemptFinished(pausing, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Failed, 1)));
        var running = await _control.Run();
        var cancelling = await _control.Run();
        await _control.Raise(cancelling, new CancelWork(cancelling, JobKinds.Noop, "somebody"));
        var done = await _control.Run();
        await _control.Raise(done, new AttemptFinished(done, JobKinds.Noop, 1, "worker-1", new AttemptResult(AttemptOutcome.Succeeded, 0)));
        var assigned = await _control.Submit();
        await _control.Raise(assigned, new AssignWork(assigned, JobKinds.Noop, "worker-2", Guid.NewGuid()));

        var situation = await Queue.Look(CancellationToken.None);
        (await Queue.Next(situation.Demands.Single().Key, 10, Any, CancellationToken.None)).Work.Single().Id.ShouldBe(ready);
        situation.Held.Select(slot => slot with { Keys = default }).ShouldBe(
            [
                new HeldSlot(running, "worker-1", "noop"),
                new HeldSlot(cancelling, "worker-1", "noop"),
                new HeldSlot(assigned, "worker-2", "noop"),
            ],
            ignoreOrder: true);
    }

    /// <summary>The index of the queue has a limit of its own for what one entry may hold.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(64)]
    public async Task Whatever_the_rules_let_through_can_wait(int count)
    {
        var random = new Random(count);
        var labels = Enumerable.Range(0, count).ToDictionary(_ => Text(random, 200), _ => (string?)Text(random, 200));
        for (; labels.Count > 0; labels.Remove(labels.Keys.First()))
        {
            var rules = new JobRules("", TestKinds.Names, TimeProvider.System.GetUtcNow());
            rules.Check(new JobRequest { Kind = "noop", Target = new TargetRequest { Labels = labels } });
            if (rules.Wrong.Count == 0)
                break;
            rules.Wrong.Keys.ShouldBe(["target.labels"]);
        }

        labels.ShouldNotBeEmpty();
        var id = Guid.CreateVersion7();
        await _control.Submit(TestJobs.Submission(id, labels: labels.ToDictionary(label => label.Key, label => label.Value!)));
        var lane = (await Queue.Look(CancellationToken.None)).Demands.Single();
        (await Queue.Next(lane.Key, 1, Any, CancellationToken.None)).Work.Single().Id.ShouldBe(id);
    }

    private static bool Any(WaitingWork work) => true;

    private static string Text(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('0', 'z')));
}
