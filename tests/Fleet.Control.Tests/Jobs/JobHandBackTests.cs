using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Control.Tests.Jobs.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>What agents did not finish: whose fault that was, and what comes of it.</summary>
public sealed class JobHandBackTests(LifecycleHarness trial) : IClassFixture<LifecycleHarness>
{
    [Fact]
    public async Task Work_handed_back_costs_no_attempt_however_often()
    {
        var job = await trial.Queued(maxAttempts: 1);
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await job.Assign();
            await job.Start(attempt);
            var unit = await job.Fail(attempt, "agent_stopped");
            (job.Row.State, job.Row.Ready, job.Row.Failures, job.Row.Crashes).ShouldBe(("Queued", true, 0, 0));
            (unit.GivesSlotBack(job), unit.AsksForSlot(job)).ShouldBe((true, true));
            unit.Timers().ShouldBeEmpty();
        }

        await job.Assign();
        await job.Start(6);
        await job.Succeed(6);
        (job.Row.State, job.Row.ErrorCode).ShouldBe(("Succeeded", null));
    }

    [Fact]
    public async Task What_a_closing_agent_never_began_costs_no_attempt()
    {
        var job = await trial.Running(maxAttempts: 1);
        var unit = await job.Lose(reason: "agent_stopped");
        (job.Row.State, job.Row.Failures, job.Row.ErrorCode).ShouldBe(("Queued", 0, "agent_stopped"));
        unit.Told().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("agent_restarted")]
    [InlineData("lease_lost")]
    public async Task What_an_agent_lost_before_it_began_costs_no_attempt(string code)
    {
        var job = await trial.Assigned(maxAttempts: 1);
        await job.Fail(code: code);
        (job.Row.State, job.Row.Ready, job.Row.Failures, job.Row.Crashes).ShouldBe(("Queued", true, 0, 0));
    }

    [Fact]
    public async Task What_came_too_late_costs_no_attempt_and_waits_a_moment()
    {
        var job = await trial.Assigned(maxAttempts: 1);
        await job.Fail(code: "too_late");
        (job.Row.State, job.Row.Ready, job.Row.Failures, job.Row.Crashes).ShouldBe(("Queued", false, 0, 0));
    }

    [Theory]
    [InlineData("agent_restarted", 1)]
    [InlineData("lease_lost", 0)]
    public async Task What_was_running_when_its_agent_lost_it_is_repeated_at_once(string code, int crashes)
    {
        var job = await trial.Running(maxAttempts: 2);
        var unit = await job.Fail(code: code);
        (job.Row.State, job.Row.Ready, job.Row.Failures, job.Row.Crashes).ShouldBe(("Queued", true, 1, crashes));
        unit.Timers().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_that_takes_its_agents_down_is_not_tried_a_fourth_time()
    {
        var job = await trial.Queued(maxAttempts: 100);
        foreach (var (attempt, die) in ((int, Func<int, Task>)[])
            [(1, attempt => job.Lose(attempt, "agent_lost")), (2, attempt => job.Fail(attempt, "agent_restarted"))])
        {
            await job.Assign();
            await job.Start(attempt);
            await die(attempt);
            job.Row.State.ShouldBe("Queued");
        }

        await job.Assign();
        await job.Start(3);
        await job.Lose(3, "agent_restarted");
        (job.Row.State, job.Row.ErrorCode, job.Row.Crashes).ShouldBe(("Failed", "crash_loop", 3));
        job.Row.ErrorMessage!.ShouldContain("3 times");
        job.Last.IsLast.ShouldBeTrue();
    }

    [Fact]
    public async Task Agents_that_die_before_they_begin_make_no_crash_loop()
    {
        var job = await trial.Queued(maxAttempts: 1);
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            await job.Assign();
            await job.Lose(attempt, "agent_lost");
        }

        (job.Row.State, job.Row.Crashes).ShouldBe(("Queued", 0));
    }

    [Theory]
    [InlineData("not_accepted", true)]
    [InlineData("not_in_hand", true)]
    [InlineData("agent_lost", false)]
    [InlineData("agent_restarted", false)]
    public async Task A_living_agent_is_told_not_to_begin_what_goes_elsewhere(string reason, bool told)
    {
        var (assigned, running) = (await trial.Assigned(maxAttempts: 2), await trial.Running(maxAttempts: 2));
        (await assigned.Lose(reason: reason)).Told().ShouldBe(told ? [new StopAttempt(assigned.Id, JobKinds.Noop, 1, 0)] : []);
        (await running.Lose(reason: reason)).Told().ShouldBe(told ? [new StopAttempt(running.Id, JobKinds.Noop, 1, 0)] : []);
    }

    [Fact]
    public async Task A_cancelled_job_that_its_agent_hands_back_is_cancelled()
    {
        var job = await trial.Cancelling(maxAttempts: 5);
        await job.Fail(code: "agent_stopped");
        (job.Row.State, job.Row.ErrorCode).ShouldBe(("Cancelled", "cancelled"));
    }
}
