using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Jobs.Support;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>On what terms a job waits, as its lifecycle keeps them.</summary>
public sealed class JobTermsTests(LifecycleHarness trial) : IClassFixture<LifecycleHarness>
{
    [Fact]
    public async Task A_job_that_may_not_start_yet_asks_for_a_slot_when_its_time_has_come()
    {
        var job = trial.New();
        var accepted = await job.Say(Terms(job, new QueueTerms(NotBefore: job.Now.AddHours(1))));
        (job.Row.State, job.Row.Ready, job.Row.NotBefore).ShouldBe(("Queued", false, job.Now.AddHours(1)));
        accepted.AsksForSlot(job).ShouldBeFalse();
        accepted.Timers().Single().Delay.ShouldBe(TimeSpan.FromHours(1));

        job.Now = job.Now.AddHours(1);
        var due = await job.RetryIsDue();
        due.AsksForSlot(job).ShouldBeTrue();
        (job.Row.State, job.Row.Ready).ShouldBe(("Queued", true));
    }

    [Fact]
    public async Task A_time_that_is_over_holds_nothing_back()
    {
        var job = trial.New();
        var accepted = await job.Say(Terms(job, new QueueTerms(NotBefore: job.Now.AddSeconds(-1))));
        accepted.AsksForSlot(job).ShouldBeTrue();
        accepted.Timers().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_before_its_time_can_be_cancelled_and_leaves_no_timer()
    {
        var job = trial.New();
        await job.Say(Terms(job, new QueueTerms(NotBefore: job.Now.AddHours(1))));
        var token = job.Row.RetryToken!.Value;
        (await job.Cancel()).Unscheduled.ShouldContain(token);
        job.Row.State.ShouldBe("Cancelled");
    }

    [Fact]
    public async Task A_skipped_job_ends_as_expired_and_says_why()
    {
        var job = await trial.Queued();
        var unit = await job.Say(new SkipWork(job.Id, JobKinds.Noop));
        (job.Row.State, job.Row.ErrorCode, job.Row.FinishedAt).ShouldBe(("Expired", "agent_offline", job.Now));
        unit.Ready.ShouldBeEmpty();
        job.History.ShouldBe(["state", "state", "end"]);
    }

    [Fact]
    public async Task A_job_that_waits_ends_when_a_later_one_takes_its_place()
    {
        var job = await trial.Queued();
        var later = Guid.NewGuid();
        await job.Say(new SupersedeWork(job.Id, JobKinds.Noop, later));
        (job.Row.State, job.Row.ErrorCode, job.Row.SupersededBy).ShouldBe(("Expired", "superseded", later));
        job.Entry(2).Data!.ShouldContain("\"reason\":\"superseded\"");
    }

    [Theory]
    [InlineData("agent_lost")]
    [InlineData("not_accepted")]
    public async Task An_attempt_that_never_started_is_not_repeated_when_a_later_job_takes_its_place(string reason)
    {
        var job = await trial.Assigned(maxAttempts: 3);
        await job.Say(new SupersedeWork(job.Id, JobKinds.Noop, Guid.NewGuid()));
        job.Row.State.ShouldBe("Assigned");
        await job.Lose(reason: reason);
        (job.Row.State, job.Row.ErrorCode).ShouldBe(("Expired", "superseded"));
    }

    [Fact]
    public async Task What_an_agent_hands_back_unstarted_is_not_repeated_when_a_later_job_takes_its_place()
    {
        var job = await trial.Assigned(maxAttempts: 3);
        await job.Say(new SupersedeWork(job.Id, JobKinds.Noop, Guid.NewGuid()));
        await job.Fail(code: "agent_stopped");
        (job.Row.State, job.Row.ErrorCode).ShouldBe(("Expired", "superseded"));
    }

    [Fact]
    public async Task A_running_job_goes_on_and_is_not_repeated_when_a_later_job_takes_its_place()
    {
        var job = await trial.Running(maxAttempts: 3);
        await job.Say(new SupersedeWork(job.Id, JobKinds.Noop, Guid.NewGuid()));
        job.Row.State.ShouldBe("Running");
        await job.Fail();
        (job.Row.State, job.Row.Failures).ShouldBe(("Failed", 1));
    }

    [Fact]
    public async Task A_retry_has_the_same_terms()
    {
        var job = trial.New();
        var terms = new QueueTerms("wait", null, job.Now.AddHours(1), "c", 2, "s", "f");
        await job.Say(Terms(job, terms));
        job.Row.Again().Terms.ShouldBe(terms);
    }

    [Fact]
    public async Task What_has_limits_wakes_the_dispatcher_when_it_gives_its_place_back()
    {
        var free = await trial.Queued();
        (await free.Cancel()).WorkChanged.ShouldBeFalse();
        var job = trial.New();
        await job.Say(Terms(job, new QueueTerms(SequenceKey: "s")));
        (await job.Cancel()).WorkChanged.ShouldBeTrue();
    }

    private static SubmitWork Terms(HarnessJob job, QueueTerms terms) => TestJobs.Submission(job.Id) with { Terms = terms };
}
