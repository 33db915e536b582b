using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Work.Lifecycles;
using Fleet.Control.Tests.Jobs.Support;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>The way of a job from its submission to its end: one sentence for each thing that can happen.</summary>
public sealed class JobLifecycleTests(LifecycleHarness trial) : IClassFixture<LifecycleHarness>
{
    [Fact]
    public async Task A_submission_is_queued_and_ready()
    {
        var job = trial.New();
        var unit = await job.Submit(maxAttempts: 3);
        var row = job.Row;
        (row.State, row.Ready, row.Attempt, row.Failures, row.MaxAttempts).ShouldBe(("Queued", true, 0, 0, 3));
        (row.Kind, row.Tenant, row.CreatedAt).ShouldBe(("noop", "default", job.Now));
        row.Demand.ShouldBe(DemandKey.Of("noop", "noop", null, new Dictionary<string, string>()));
        unit.AsksForSlot(job).ShouldBeTrue();
        unit.Sends.ShouldBeEmpty();
        State(job).ShouldBe((null, "queued", 0, null));
    }

    [Fact]
    public async Task A_submission_that_comes_again_is_the_same_job()
    {
        var job = await trial.Queued();
        var unit = await job.Say(TestJobs.Submission(job.Id, maxAttempts: 9, name: "another"));
        job.Row.MaxAttempts.ShouldBe(1);
        unit.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_step_of_priority_is_worth_ten_minutes_of_waiting()
    {
        var (low, high) = (trial.New(), trial.New());
        await low.Say(TestJobs.Submission(low.Id, priority: 4));
        high.Now = low.Now.AddMinutes(10).AddMilliseconds(1);
        await high.Say(TestJobs.Submission(high.Id, priority: 5));
        (high.Row.QueueRank - low.Row.QueueRank).ShouldBe(1);
    }

    [Fact]
    public async Task A_job_with_a_time_limit_sets_a_timer_for_it()
    {
        var job = trial.New();
        var unit = await job.Submit(expiresAt: job.Now.AddMinutes(5));
        var timer = unit.Timers().Single();
        timer.MessageType.ShouldBe("Fleet.Contracts.Work.WorkExpired");
        timer.Delay.ShouldBe(TimeSpan.FromMinutes(5));
        timer.About.ShouldBe(job.Id);
        job.Row.ExpiryToken.ShouldBe(timer.Token);
    }

    [Fact]
    public async Task An_assignment_tells_the_agent_to_run_the_first_attempt()
    {
        var job = trial.New();
        await job.Say(TestJobs.Submission(job.Id, name: "tidy up") with { TimeoutSeconds = 60 });
        var unit = await job.Assign();
        var row = job.Row;
        (row.State, row.Attempt, row.Agent, row.AgentSession, row.AssignedAt)
            .ShouldBe(("Assigned", 1, "worker-1", job.Session, job.Now));
        unit.Told().ShouldBe([new RunAttempt(job.Id, JobKinds.Noop, 1, job.Session, SpecJson.Empty, 60, "tidy up", Tenant: row.Tenant)]);
        unit.Slots.ShouldBe([(job.Id, new HeldSlot(job.Id, "worker-1", "noop", row.Keys))]);
        State(job).ShouldBe(("queued", "assigned", 1, null));
    }

    [Fact]
    public async Task A_queued_job_that_is_cancelled_never_starts()
    {
        var job = await trial.Queued(expiresAt: LifecycleHarness.Start.AddHours(1));
        var expiry = job.Row.ExpiryToken!.Value;
        var unit = await job.Cancel();
        (job.Row.State, job.Row.ErrorCode, job.Row.ErrorMessage, job.Row.FinishedAt)
            .ShouldBe(("Cancelled", "cancelled", "Cancelled by somebody.", job.Now));
        job.History.ShouldBe(["state", "state", "end"]);
        unit.Sends.ShouldBeEmpty();
        unit.Unscheduled.ShouldBe([expiry]);
        (await job.Assign()).Sends.ShouldBeEmpty();
        job.Row.Attempt.ShouldBe(0);
    }

    [Fact]
    public async Task A_job_that_never_started_expires()
    {
        var job = await trial.Queued(expiresAt: LifecycleHarness.Start.AddHours(1));
        await job.Expires();
        (job.Row.State, job.Row.ErrorCode).ShouldBe(("Expired", "expired"));
        job.History.ShouldBe(["state", "state", "end"]);
        job.Row.ExpiryToken.ShouldBeNull();
    }

    [Fact]
    public async Task A_job_that_started_once_does_not_expire()
    {
        var job = await trial.Running(maxAttempts: 2, expiresAt: LifecycleHarness.Start.AddHours(1));
        await job.Lose();
        var unit = await job.Expires();
        (job.Row.State, job.Row.Ready).ShouldBe(("Queued", true));
        unit.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_that_an_agent_has_does_not_expire()
    {
        var job = await trial.Assigned(expiresAt: LifecycleHarness.Start.AddHours(1));
        await job.Expires();
        job.Row.State.ShouldBe("Assigned");
        await job.Start();
        job.Row.State.ShouldBe("Running");
    }

    [Fact]
    public async Task A_job_that_missed_its_time_in_an_agents_hands_expires_when_it_comes_back()
    {
        foreach (var comesBack in (Func<HarnessJob, Task>[])[job => job.Lose(reason: "not_accepted"), job => job.Fail(code: "agent_stopped")])
        {
            var job = await trial.Assigned(maxAttempts: 2, expiresAt: LifecycleHarness.Start.AddHours(1));
            await job.Expires();
            job.Now = job.Now.AddHours(2);
            await comesBack(job);
            (job.Row.State, job.Row.ErrorCode).ShouldBe(("Expired", "expired"));
            job.Last.IsLast.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_second_assignment_is_ignored()
    {
        var job = await trial.Assigned();
        var unit = await job.Assign("worker-2");
        (job.Row.Agent, job.Row.Attempt).ShouldBe(("worker-1", 1));
        unit.Sends.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_assigned_job_runs_when_its_agent_says_so()
    {
        var job = await trial.Assigned();
        job.Now = job.Now.AddSeconds(3);
        await job.Start();
        (job.Row.State, job.Row.StartedAt).ShouldBe(("Running", job.Now));
        State(job).ShouldBe(("assigned", "running", 1, null));
    }

    [Fact]
    public async Task An_end_may_overtake_the_start()
    {
        var job = await trial.Assigned();
        await job.Write("quick");
        await job.Succeed();
        job.Row.State.ShouldBe("Succeeded");
        job.History.ShouldBe(["state", "state", "stdout", "state", "end"]);
    }

    [Fact]
    public async Task An_assignment_that_nobody_took_costs_no_attempt()
    {
        var job = await trial.Assigned();
        var unit = await job.Lose(reason: "not_accepted");
        (job.Row.State, job.Row.Ready, job.Row.Failures).ShouldBe(("Queued", true, 0));
        (unit.GivesSlotBack(job), unit.AsksForSlot(job)).ShouldBe((true, true));
        State(job).ShouldBe(("assigned", "queued", 1, "not_accepted"));
        await job.Assign();
        job.Row.Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task An_assigned_job_that_is_cancelled_asks_its_agent_to_stop()
    {
        var job = await trial.Assigned();
        var unit = await job.Cancel();
        job.Row.State.ShouldBe("Cancelling");
        unit.Told().ShouldBe([new StopAttempt(job.Id, JobKinds.Noop, 1, 10)]);
        await job.Fail();
        job.Row.State.ShouldBe("Cancelled");
    }

    [Fact]
    public async Task Output_is_kept_byte_for_byte()
    {
        var job = await trial.Running();
        await job.Say(new AttemptOutput(job.Id, JobKinds.Noop, 1, "worker-1",
        [
            new OutputChunk("stdout", [0, 0xff, 10]), new OutputChunk("stderr", [1]), new OutputChunk("stdout", [2]),
        ]));
        job.History.TakeLast(3).ShouldBe(["stdout", "stderr", "stdout"]);
        job.Last.Output.ShouldBe([2]);
        job.Row.JournalSeq.ShouldBe(6);
    }

    [Theory]
    [InlineData(0.4, 0.4)]
    [InlineData(-3, 0)]
    [InlineData(7, 1)]
    public async Task Progress_is_told_and_kept(double said, double kept)
    {
        var job = await trial.Running();
        await job.Say(new AttemptProgressed(job.Id, JobKinds.Noop, 1, "worker-1", said, "on the way"));
        (job.Row.ProgressFraction, job.Row.ProgressText).ShouldBe((kept, "on the way"));
        var data = JsonDocument.Parse(job.Last.Data!).RootElement;
        (data.GetProperty("fraction").GetDouble(), data.GetProperty("text").GetString()).ShouldBe((kept, "on the way"));
    }

    [Fact]
    public async Task A_stored_artifact_is_told()
    {
        var job = await trial.Running();
        await job.Say(new ArtifactStored(job.Id, JobKinds.Noop, 1, Guid.NewGuid(), "a b.txt", 3, "text/plain", new string('0', 64)));
        job.Row.HasArtifacts.ShouldBeTrue();
        job.Last.Type.ShouldBe("artifact");
        JsonDocument.Parse(job.Last.Data!).RootElement.GetProperty("url").GetString()!.ShouldEndWith("/artifacts/a%20b.txt");
    }

    [Fact]
    public async Task Success_ends_the_job()
    {
        var job = await trial.Running(expiresAt: LifecycleHarness.Start.AddHours(1));
        var expiry = job.Row.ExpiryToken!.Value;
        var unit = await job.Say(new AttemptFinished(job.Id, JobKinds.Noop, 1, "worker-1", new AttemptResult(
            AttemptOutcome.Succeeded, 0, ResultJson: "{}", CpuSeconds: 0.5, PeakMemoryBytes: 4096)));
        var row = job.Row;
        (row.State, row.ExitCode, row.Result, row.CpuSeconds, row.PeakMemoryBytes, row.FinishedAt, row.ErrorCode)
            .ShouldBe(("Succeeded", 0, "{}", 0.5, 4096L, job.Now, null));
        job.History.ShouldBe(["state", "state", "state", "state", "end"]);
        (unit.GivesSlotBack(job), unit.AsksForSlot(job)).ShouldBe((true, false));
        unit.Unscheduled.ShouldBe([expiry]);
    }

    [Fact]
    public async Task A_faulted_job_is_queued_again_while_attempts_remain()
    {
        var job = await trial.Running(maxAttempts: 2);
        var unit = await job.Fail(code: "exit_code");
        (job.Row.State, job.Row.Ready, job.Row.Failures, job.Row.ErrorCode).ShouldBe(("Queued", false, 1, "exit_code"));
        State(job).ShouldBe(("running", "queued", 1, "exit_code"));
        var pause = unit.Timers().Single();
        pause.Delay.TotalSeconds.ShouldBeInRange(0.7, 1.3);
        pause.Token.ShouldBe(job.Row.RetryToken);
        (unit.GivesSlotBack(job), unit.AsksForSlot(job)).ShouldBe((true, false));

        var due = await job.RetryIsDue();
        (job.Row.Ready, job.Row.RetryToken, due.AsksForSlot(job)).ShouldBe((true, null, true));
        await job.Assign();
        await job.Start(2);
        await job.Fail(2);
        (job.Row.State, job.Row.Failures, job.Row.Attempt).ShouldBe(("Failed", 2, 2));
        job.Last.IsLast.ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_next_attempt_achieves_counts()
    {
        var job = await trial.Running(maxAttempts: 2);
        await job.Say(new AttemptProgressed(job.Id, JobKinds.Noop, 1, "worker-1", 0.9, "nearly"));
        await job.Fail();
        await job.RetryIsDue();
        await job.Assign();
        await job.Start(2);
        (job.Row.ProgressFraction, job.Row.ProgressText).ShouldBe((null, null));
        await job.Succeed(2);
        (job.Row.State, job.Row.ErrorCode, job.Row.ErrorMessage, job.Row.ExitCode).ShouldBe(("Succeeded", null, null, 0));
    }

    [Fact]
    public async Task A_job_that_its_agent_handed_back_does_not_wait()
    {
        var job = await trial.Running(maxAttempts: 2);
        var unit = await job.Fail(code: "agent_stopped");
        unit.Timers().ShouldBeEmpty();
        unit.AsksForSlot(job).ShouldBeTrue();
    }

    [Fact]
    public async Task The_last_failure_fails_the_job()
    {
        var job = await trial.Running();
        await job.Fail(code: "exit_code");
        (job.Row.State, job.Row.ErrorCode, job.Row.ErrorMessage, job.Row.ExitCode)
            .ShouldBe(("Failed", "exit_code", "It broke.", 1));
        State(job, fromEnd: 2).ShouldBe(("running", "failed", 1, "exit_code"));
        job.Last.IsLast.ShouldBeTrue();
    }

    [Fact]
    public async Task A_lost_attempt_is_repeated_at_once_while_attempts_remain()
    {
        var job = await trial.Running(maxAttempts: 2);
        var unit = await job.Lose(reason: "agent_restarted");
        (job.Row.State, job.Row.Ready, job.Row.Failures).ShouldBe(("Queued", true, 1));
        State(job).ShouldBe(("running", "queued", 1, "agent_restarted"));
        unit.Timers().ShouldBeEmpty();
        (unit.GivesSlotBack(job), unit.AsksForSlot(job)).ShouldBe((true, true));
    }

    [Fact]
    public async Task The_last_lost_attempt_fails_the_job()
    {
        var job = await trial.Running();
        await job.Lose();
        (job.Row.State, job.Row.ErrorCode).ShouldBe(("Failed", "agent_lost"));
        job.Row.ErrorMessage!.ShouldContain("worker-1");
        job.Last.IsLast.ShouldBeTrue();
    }

    [Fact]
    public async Task A_running_job_that_is_cancelled_waits_for_its_agent()
    {
        var job = await trial.Running();
        var unit = await job.Cancel();
        job.Row.State.ShouldBe("Cancelling");
        unit.Told().ShouldBe([new StopAttempt(job.Id, JobKinds.Noop, 1, 10)]);
        unit.Timers().Single().Delay.ShouldBe(TimeSpan.FromSeconds(15));
        job.History.ShouldNotContain("end");

        await job.Write("the rest");
        await job.Fail(code: "signal");
        (job.Row.State, job.Row.ErrorCode, job.Row.ErrorMessage).ShouldBe(("Cancelled", "cancelled", "Cancelled by somebody."));
        job.History.TakeLast(3).ShouldBe(["stdout", "state", "end"]);
        job.Row.GraceToken.ShouldBeNull();
    }

    [Fact]
    public async Task An_agent_that_does_not_stop_is_asked_again_and_again()
    {
        var job = await trial.Cancelling();
        for (var i = 0; i < 3; i++)
        {
            var unit = await job.GraceIsOver();
            unit.Told().ShouldBe([new StopAttempt(job.Id, JobKinds.Noop, 1, 10)]);
            job.Row.GraceToken.ShouldBe(unit.Timers().Single().Token);
        }

        job.Row.State.ShouldBe("Cancelling");
    }

    [Fact]
    public async Task A_second_cancellation_asks_nobody()
    {
        var job = await trial.Cancelling();
        var unit = await job.Cancel();
        unit.Sends.ShouldBeEmpty();
        unit.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Work_that_was_done_before_it_could_be_stopped_is_done()
    {
        var job = await trial.Cancelling();
        await job.Succeed();
        (job.Row.State, job.Row.ErrorCode, job.Row.ErrorMessage).ShouldBe(("Succeeded", null, null));
    }

    [Fact]
    public async Task A_cancelled_job_whose_agent_is_lost_is_cancelled()
    {
        var job = await trial.Cancelling(maxAttempts: 5);
        var grace = job.Row.GraceToken!.Value;
        var unit = await job.Lose();
        (job.Row.State, job.Row.ErrorCode).ShouldBe(("Cancelled", "cancelled"));
        unit.Unscheduled.ShouldBe([grace]);
        job.Last.IsLast.ShouldBeTrue();
    }

    [Fact]
    public async Task A_start_that_comes_after_the_cancellation_is_noted()
    {
        var job = await trial.Assigned();
        await job.Cancel();
        await job.Start();
        (job.Row.State, job.Row.StartedAt).ShouldBe(("Cancelling", job.Now));
    }

    [Theory]
    [InlineData("Assigned")]
    [InlineData("Running")]
    [InlineData("Cancelling")]
    public async Task News_of_another_attempt_or_another_agent_changes_nothing(string state)
    {
        var job = await trial.Running(maxAttempts: 3);
        await job.Lose();
        await job.Assign();
        if (state != "Assigned")
            await job.Start(2);
        if (state == "Cancelling")
            await job.Cancel();
        var before = Snapshot(job.Row);
        var told = 0;
        foreach (var (attempt, agent) in ((int, string)[])[(1, "worker-1"), (3, "worker-1"), (0, "worker-1"), (2, "worker-2")])
        {
            foreach (var news in News(job.Id, attempt, agent))
            {
                var unit = await job.Say(news);
                unit.Sends.ShouldBeEmpty();
                unit.Unscheduled.ShouldBeEmpty();
                unit.Entries.ShouldAllBe(entry => entry.Type == "stale" && attempt == 1);
                told += unit.Entries.Count;
            }
        }

        told.ShouldBe(1); // the end of the attempt that this agent had

        foreach (var attempt in (int[])[0, 1, 3])
        {
            (await job.Lose(attempt)).Entries.ShouldBeEmpty();
            (await job.Say(new ArtifactStored(job.Id, JobKinds.Noop, attempt, Guid.NewGuid(), "a", 1, "text/plain", "0"))).Entries.ShouldBeEmpty();
        }

        Snapshot(job.Row).ShouldBe(before);
    }

    [Fact]
    public async Task The_end_of_an_attempt_that_is_over_is_noted_while_the_job_waits()
    {
        var job = await trial.Running(maxAttempts: 2);
        await job.Lose();
        foreach (var news in News(job.Id, 1, "worker-1"))
            await job.Say(news);
        job.History.TakeLast(2).ShouldBe(["state", "stale"]); // two ends were reported, and one is told
        JsonDocument.Parse(job.Last.Data!).RootElement.GetProperty("message").GetString().ShouldBe("AttemptFinished");
        job.Row.State.ShouldBe("Queued");
    }

    [Theory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    [InlineData("Cancelled")]
    [InlineData("Expired")]
    public async Task Nothing_changes_a_settled_job(string state)
    {
        var job = await trial.Queued(maxAttempts: 1, expiresAt: LifecycleHarness.Start.AddHours(1));
        if (state is "Succeeded" or "Failed")
            await job.Assign();
        await (state switch
        {
            "Succeeded" => job.Succeed(),
            "Failed" => job.Fail(),
            "Cancelled" => job.Cancel(),
            _ => job.Expires(),
        });
        job.Row.State.ShouldBe(state);
        var before = Snapshot(job.Row) + job.Row.JournalSeq;
        object[] late =
        [
            .. News(job.Id, job.Row.Attempt, job.Row.Agent ?? "worker-1"), .. News(job.Id, 2, "worker-2"),
            new ArtifactStored(job.Id, JobKinds.Noop, 1, Guid.NewGuid(), "a", 1, "text/plain", "0"), new AttemptLost(job.Id, JobKinds.Noop, 1, "agent_lost"),
            new CancelWork(job.Id, JobKinds.Noop, "somebody"), new AssignWork(job.Id, JobKinds.Noop, "worker-2", Guid.NewGuid()), TestJobs.Submission(job.Id),
            new RetryDue(job.Id, JobKinds.Noop), new WorkExpired(job.Id, JobKinds.Noop), new CancelGraceOver(job.Id, JobKinds.Noop, 1),
        ];
        foreach (var message in late)
        {
            foreach (var token in (Guid?[])[null, Guid.NewGuid()])
            {
                var unit = await job.Say(message, token);
                (unit.Entries.Count, unit.Sends.Count, unit.Unscheduled.Count).ShouldBe((0, 0, 0));
                (unit.Ready.Count, unit.Slots.Count).ShouldBe((0, 0));
            }
        }

        (Snapshot(job.Row) + job.Row.JournalSeq).ShouldBe(before);
    }

    [Fact]
    public async Task Timers_that_the_job_no_longer_holds_are_refused()
    {
        var job = await trial.Running(maxAttempts: 3);
        await job.Fail();
        var first = job.Row.RetryToken!.Value;
        await job.RetryIsDue();
        await job.Assign();
        await job.Start(2);
        await job.Fail(2);
        await job.Say(new RetryDue(job.Id, JobKinds.Noop), first);
        job.Row.Ready.ShouldBeFalse();
        await job.RetryIsDue();
        job.Row.Ready.ShouldBeTrue();
    }

    [Fact]
    public async Task News_of_a_job_that_is_not_there_makes_none()
    {
        var job = trial.New();
        object[] early =
        [
            .. News(job.Id, 1, "worker-1"), new CancelWork(job.Id, JobKinds.Noop, "somebody"), new AssignWork(job.Id, JobKinds.Noop, "worker-1", Guid.NewGuid()),
            new AttemptLost(job.Id, JobKinds.Noop, 1, "agent_lost"), new RetryDue(job.Id, JobKinds.Noop), new WorkExpired(job.Id, JobKinds.Noop), new CancelGraceOver(job.Id, JobKinds.Noop, 1),
        ];
        foreach (var message in early)
            (await job.Say(message)).Entries.ShouldBeEmpty();
        job.Row.ShouldBeNull();
        await job.Submit();
        job.Row.State.ShouldBe("Queued");
    }

    [Fact]
    public void Pauses_double_up_to_five_minutes_and_never_meet()
    {
        var pauses = Enumerable.Range(1, 200).Select(failures => RetryPause.After(failures).TotalSeconds).ToList();
        for (var i = 0; i < pauses.Count; i++)
        {
            var middle = Math.Min(300, Math.Pow(2, i));
            pauses[i].ShouldBeInRange(0.8 * middle, 1.2 * middle);
        }

        pauses.Distinct().Count().ShouldBeGreaterThan(190);
    }

    private static object[] News(Guid job, int attempt, string agent) =>
    [
        new AttemptStarted(job, JobKinds.Noop, attempt, agent),
        new AttemptOutput(job, JobKinds.Noop, attempt, agent, [new OutputChunk("stdout", [1])]),
        new AttemptProgressed(job, JobKinds.Noop, attempt, agent, 0.7, "late"),
        new AttemptFinished(job, JobKinds.Noop, attempt, agent, new AttemptResult(AttemptOutcome.Succeeded, 0, ResultJson: "[]")),
        new AttemptFinished(job, JobKinds.Noop, attempt, agent, new AttemptResult(AttemptOutcome.Failed, 9, ErrorCode: "late")),
    ];

    /// <summary>All that a job is, but for its version and the numbers of its journal.</summary>
    private static string Snapshot(Job job)
    {
        var fields = JsonSerializer.SerializeToNode(job)!.AsObject();
        fields.Remove(nameof(Job.Version));
        fields.Remove(nameof(Job.JournalSeq));
        fields.Remove(nameof(Job.Holders)); // says whose late end was told
        return fields.ToJsonString();
    }

    /// <summary>The last entry, which must tell of a state.</summary>
    private static (string? From, string? To, int Attempt, string? Reason) State(HarnessJob job, int fromEnd = 1)
    {
        var entry = job.Entry(fromEnd);
        entry.Type.ShouldBe("state");
        var data = JsonDocument.Parse(entry.Data!).RootElement;
        entry.Attempt.ShouldBe(data.GetProperty("attempt").GetInt32());
        return (
            data.GetProperty("from").GetString(), data.GetProperty("to").GetString(), entry.Attempt,
            data.GetProperty("reason").GetString());
    }
}
