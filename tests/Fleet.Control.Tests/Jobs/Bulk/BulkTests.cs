using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Bulk;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Tests.Jobs.Bulk;

/// <summary>One action on many jobs, step by step.</summary>
public sealed class BulkTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly string _run = Guid.NewGuid().ToString("n");
    private TestControl _control = null!;

    public async Task InitializeAsync() => _control = await Start();

    public async Task DisposeAsync() => await _control.DisposeAsync();

    [Fact]
    public async Task What_waits_is_cancelled_batch_by_batch_and_what_comes_later_is_not()
    {
        var jobs = await Submit(7);
        await _control.Raise(jobs[0], new CancelWork(jobs[0], JobKinds.Noop, "somebody"));
        var run = await Begin(BulkAction.Cancel);
        await Step(run);
        var late = await Submit(1);
        (await Row(run)).Total.ShouldBe(7);

        await Step(run);
        (await Row(run)).ShouldSatisfyAllConditions(
            row => row.Seen.ShouldBe(3),
            row => row.State.ShouldBe(nameof(BulkState.Running)));
        (await Work(run)).ShouldSatisfyAllConditions(
            row => row.Done.ShouldBe(6),
            row => row.Skipped.ShouldBe(1),
            row => row.State.ShouldBe(nameof(BulkState.Finished)));
        foreach (var job in jobs)
            (await house.Job(job)).State.ShouldBe("Cancelled");
        (await house.Job(late[0])).State.ShouldBe("Queued");
        (await house.Job(jobs[1])).ErrorMessage.ShouldBe(
            $"Cancelled by tester (bulk {Fleet.Protocol.Ids.WireId.Format(run)}).");
    }

    [Fact]
    public async Task A_job_is_repeated_once_however_often_its_batch_is_done()
    {
        var jobs = await Submit(5);
        foreach (var job in jobs.Take(4))
            await _control.Raise(job, new CancelWork(job, JobKinds.Noop, "somebody"));
        var run = await Begin(BulkAction.Retry);
        await Step(run);
        var before = await Row(run);
        await Step(run);
        await _control.Get<BulkStep>().Take(before, CancellationToken.None); // a process that slept meanwhile
        await house.Do($"update bulk_runs set reached = null, done = 0, skipped = 0, version = version + 1 where id = '{run}'");
        var row = await Work(run);
        (row.Done, row.Skipped).ShouldBe((4, 1));
        (await Copies()).ShouldBe(jobs.Take(4), ignoreOrder: true);
    }

    [Fact]
    public async Task Two_processes_at_once_do_it_once()
    {
        var jobs = await Submit(30);
        foreach (var job in jobs)
            await _control.Raise(job, new CancelWork(job, JobKinds.Noop, "somebody"));
        var run = await Begin(BulkAction.Retry);
        await using var other = await Start();
        await Task.WhenAll(Work(run), Work(run, other));
        (await Row(run)).Done.ShouldBe(30);
        (await Copies()).ShouldBe(jobs, ignoreOrder: true);
    }

    [Fact]
    public async Task Another_priority_moves_what_waits_and_nothing_else()
    {
        var jobs = await Submit(3);
        await _control.Raise(jobs[2], new CancelWork(jobs[2], JobKinds.Noop, "somebody"));
        var before = await house.Job(jobs[0]);
        var row = await Work(await Begin(BulkAction.Reprioritise, "{\"priority\":9}"));
        (row.Done, row.Skipped).ShouldBe((2, 1));
        var after = await house.Job(jobs[0]);
        after.Priority.ShouldBe(9);
        after.QueueRank.ShouldBe(before.QueueRank - (long)TimeSpan.FromMinutes(40).TotalMilliseconds);
        (await house.History(jobs[0])).ShouldBe(["state", "priority"]);
        (await house.Job(jobs[2])).Priority.ShouldBe(5);
    }

    [Fact]
    public async Task Labels_are_set_and_removed_in_every_state()
    {
        var jobs = await Submit(2);
        await _control.Raise(jobs[1], new CancelWork(jobs[1], JobKinds.Noop, "somebody"));
        var row = await Work(await Begin(BulkAction.Relabel, "{\"labels\":{\"new\":\"1\",\"old\":null}}"));
        row.Done.ShouldBe(2);
        foreach (var job in jobs)
            (await house.Job(job)).Labels.ShouldBe($"{{\"new\": \"1\", \"run\": \"{_run}\"}}");
        (await house.History(jobs[0])).ShouldBe(["state", "labels"]);
        (await house.History(jobs[1])).ShouldBe(["state", "state", "end"]);
        (await Work(await Begin(BulkAction.Relabel, "{\"labels\":{\"new\":\"1\"}}"))).Skipped.ShouldBe(2);
    }

    [Fact]
    public async Task Finished_jobs_are_deleted_unless_they_are_held()
    {
        var jobs = await Submit(5);
        foreach (var job in jobs.Take(4))
            await _control.Raise(job, new CancelWork(job, JobKinds.Noop, "somebody"));
        await house.Do($"update work set held = true where id = '{jobs[0]}'");
        var row = await Work(await Begin(BulkAction.Delete));
        (row.Done, row.Skipped).ShouldBe((3, 2));
        (await house.Ask<long>("select count(*) from journal where stream = any($1)", jobs)).ShouldBe(4);
    }

    [Fact]
    public async Task A_job_that_moved_on_is_asked_about_again()
    {
        var jobs = await Submit(2);
        var run = await Begin(BulkAction.Cancel, filter: "state:queued");
        await Step(run);
        var found = new WorkMatch(jobs[0], "Running"); // what a search says that was overtaken
        await _control.Commits.Run([], async unit =>
        {
            var effect = new BulkEffect(await Row(run), new BulkParameters(), "tester", TestKinds.New(), []);
            (await effect.Apply(found, unit)).ShouldBe(BulkOutcome.Moved);
            (await effect.Apply(new WorkMatch(Guid.NewGuid(), "Queued"), unit)).ShouldBe(BulkOutcome.Skipped);
        });
        (await Work(run)).Done.ShouldBe(2);
    }

    [Fact]
    public async Task The_leader_works_on_it_and_another_that_takes_the_lead_goes_on()
    {
        var jobs = await Submit(12);
        var run = await Begin(BulkAction.Cancel);
        await Step(run);
        await Step(run);
        await using var other = await Start();
        await other.Start<Leadership>();
        await other.Start<BulkWorker>();
        await Eventually.True(async () => (await Row(run)).State == nameof(BulkState.Finished), "it is finished");
        (await Row(run)).Done.ShouldBe(12);
        foreach (var job in jobs)
            (await house.Job(job)).State.ShouldBe("Cancelled");
    }

    [Fact]
    public async Task What_was_cancelled_goes_no_further()
    {
        await Submit(9);
        var run = await Begin(BulkAction.Cancel);
        await Step(run);
        await Step(run);
        var before = await Row(run);
        await house.Do($"update bulk_runs set state = 'Cancelled', version = version + 1 where id = '{run}'");
        await _control.Get<BulkStep>().Take(before, CancellationToken.None);
        (await Row(run)).ShouldSatisfyAllConditions(
            row => row.State.ShouldBe(nameof(BulkState.Cancelled)),
            row => row.Done.ShouldBe(3));
    }

    private Task<TestControl> Start() => TestControl.Start(
        house, services => services.AddSingleton(new BulkSettings { BatchJobs = 3, PauseFactor = 0 }));

    private async Task<Guid[]> Submit(int count)
    {
        var labels = new Dictionary<string, string> { ["run"] = _run, ["old"] = "x" };
        var jobs = Enumerable.Range(0, count).Select(_ => TestJobs.Submission(Guid.CreateVersion7()) with { Labels = labels })
            .ToArray();
        await _control.Submit(jobs);
        return [.. jobs.Select(job => job.WorkId)];
    }

    private async Task<Guid> Begin(BulkAction action, string parameters = "{}", string filter = "")
    {
        var id = Guid.CreateVersion7();
        await _control.Commits.Run([RowRef.New<BulkRun>(id)], unit =>
        {
            unit.Add(new BulkRun
            {
                CorrelationId = id,
                Tenant = "default",
                Family = JobFamily.Job,
                Filter = $"label.run={_run} {filter}",
                Action = action.ToString(),
                Parameters = parameters,
                CreatedBy = "tester",
                CreatedAt = unit.Now,
            });
            return Task.CompletedTask;
        });
        return id;
    }

    private async Task Step(Guid run, TestControl? control = null) =>
        await (control ?? _control).Get<BulkStep>().Take(await Row(run), CancellationToken.None);

    private async Task<BulkRun> Work(Guid run, TestControl? control = null)
    {
        while ((await Row(run)).IsRunning)
            await Step(run, control);
        return await Row(run);
    }

    private async Task<BulkRun> Row(Guid run)
    {
        await using var db = house.Db();
        return await db.Set<BulkRun>().AsNoTracking().SingleAsync(row => row.CorrelationId == run);
    }

    private Task<Guid[]> Copies() => house.Ask<Guid[]>(
        "select array_agg(retry_of) from work_rows where retry_of is not null and labels ->> 'run' = $1", _run);
}
