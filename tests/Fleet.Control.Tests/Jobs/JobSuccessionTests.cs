using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Of one queue key the newest stays, in a real database.</summary>
public sealed class JobSuccessionTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();

    public Task InitializeAsync() => _house.InitializeAsync();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Only_the_last_of_three_versions_stays()
    {
        await using var control = await TestControl.Start(_house);
        SubmitWork[] versions = [Version(), Version(), Version()];
        foreach (var version in versions)
            await control.Submit(version);
        (await _house.Job(versions[0].WorkId)).SupersededBy.ShouldBe(versions[1].WorkId);
        (await _house.Job(versions[1].WorkId)).ErrorCode.ShouldBe("superseded");
        (await _house.Job(versions[2].WorkId)).State.ShouldBe("Queued");
    }

    [Fact]
    public async Task Within_one_submission_the_last_stays_too()
    {
        await using var control = await TestControl.Start(_house);
        await control.Submit(Version());
        var list = Enumerable.Range(0, 20).Select(_ => Version()).ToArray();
        await control.Submit(list);
        (await Queued()).ShouldBe([list[^1].WorkId]);
        (await _house.Ask<long>("select count(*) from work_rows where state = 'Expired' and error_code = 'superseded'")).ShouldBe(20);
    }

    [Fact]
    public async Task Keys_and_tenants_do_not_meet()
    {
        await using var control = await TestControl.Start(_house);
        SubmitWork[] jobs = [Version("a"), Version("b"), Version("a") with { Tenant = "other" }];
        foreach (var job in jobs)
            await control.Submit(job);
        (await Queued()).ShouldBe(jobs.Select(job => job.WorkId), ignoreOrder: true);
    }

    [Fact]
    public async Task Two_processes_that_accept_at_once_leave_one()
    {
        await using var one = await TestControl.Start(_house);
        await using var other = await TestControl.Start(_house);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => (i % 2 == 0 ? one : other).Submit(Version(), Version())));
        (await Queued()).Count.ShouldBe(1);
        (await _house.Ask<long>("select count(*) from work_rows where error_code = 'superseded'")).ShouldBe(119);
    }

    [Fact]
    public async Task Two_processes_that_meet_on_several_keys_the_other_way_round_leave_one_of_each()
    {
        await using var one = await TestControl.Start(_house);
        await using var other = await TestControl.Start(_house);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            i % 2 == 0 ? one.Submit(Version("a"), Version("b")) : other.Submit(Version("b"), Version("a"))));
        (await Queued()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_version_that_was_given_to_an_agent_which_never_began_does_not_come_back()
    {
        await using var control = await TestControl.Start(_house);
        var old = Version();
        await control.Submit(old);
        await control.Raise(old.WorkId, new AssignWork(old.WorkId, JobKinds.Noop, "worker-1", Guid.NewGuid()));
        var newest = Version();
        await control.Submit(newest);
        await control.Raise(old.WorkId, new AttemptLost(old.WorkId, JobKinds.Noop, 1, "agent_lost"));
        (await _house.Job(old.WorkId)).State.ShouldBe("Expired");
        (await Queued()).ShouldBe([newest.WorkId]);
    }

    private static SubmitWork Version(string key = "config") =>
        TestJobs.Submission(Guid.CreateVersion7(), agent: "worker-1") with { Terms = new QueueTerms("newest", key) };

    private async Task<IReadOnlyList<Guid>> Queued() =>
        await _house.Ask<Guid[]>("select coalesce(array_agg(id), '{}') from work_rows where state = 'Queued'");
}
