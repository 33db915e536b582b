using Fleet.Contracts.Agents;
using Fleet.Contracts.Jobs;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using MassTransit;

namespace Fleet.Control.Tests.Platform.Reports;

/// <summary>What agents say is stored once, in their order, and they hear that it is.</summary>
public sealed class TakeReportsTests(TestHouse house) : IClassFixture<TestHouse>
{
    private readonly Guid _session = Guid.NewGuid();

    [Fact]
    public async Task A_report_passes_the_lifecycle_in_the_order_of_what_happened()
    {
        await using var control = await Start();
        var job = await Assigned(control);
        await control.Deliver(Report(1, Everything(job)));
        (await house.History(job)).ShouldBe(["state", "state", "state", "stdout", "stderr", "progress", "state", "end"]);
        var row = await house.Job(job);
        (row.State, row.ExitCode, row.ProgressFraction, row.ProgressText, row.Result, row.CpuSeconds, row.PeakMemoryBytes)
            .ShouldBe(("Succeeded", 0, 0.5, "half", "{\"n\":1}", 0.25, 1000L));
        Acknowledged(control).ShouldBe([1]);
    }

    [Fact]
    public async Task A_report_that_comes_twice_is_stored_once_and_acknowledged_twice()
    {
        await using var control = await Start();
        var job = await Running(control);
        var report = Report(1, Wrote(job, "a"));
        await control.Deliver(report);
        await control.Deliver(report);
        (await Log(job)).ShouldBe("a");
        Acknowledged(control).ShouldBe([1, 1]);
    }

    [Fact]
    public async Task A_report_that_comes_twice_at_once_to_two_processes_is_stored_once()
    {
        await using var one = await Start();
        await using var other = await Start();
        var job = await Running(one);
        var letters = "abcdefghijklmnopqrst";
        for (var i = 0; i < letters.Length; i++)
        {
            var report = Report(i + 1, Wrote(job, letters[i].ToString()));
            await Task.WhenAll(one.Deliver(report), other.Deliver(report), one.Deliver(report)).Soon();
        }

        (await Log(job)).ShouldBe(letters);
        Acknowledged(one).Concat(Acknowledged(other)).Count().ShouldBe(60);
    }

    [Fact]
    public async Task A_report_of_an_old_number_is_acknowledged_and_changes_nothing()
    {
        await using var control = await Start();
        var job = await Running(control);
        await control.Deliver(Report(7, Wrote(job, "new")));
        await control.Deliver(Report(6, Wrote(job, "old"), Finished(job)));
        (await Log(job)).ShouldBe("new");
        (await house.Job(job)).State.ShouldBe("Running");
        Acknowledged(control).ShouldBe([7, 6]);
    }

    [Fact]
    public async Task Sessions_number_their_reports_each_for_itself()
    {
        await using var control = await Start();
        var job = await Running(control);
        await control.Deliver(Report(5, Wrote(job, "a")));
        await control.Deliver(Report(1, Wrote(job, "b")) with { Session = Guid.NewGuid() });
        (await Log(job)).ShouldBe("ab");
    }

    [Fact]
    public async Task A_report_of_another_attempt_changes_nothing_and_a_finished_one_is_told()
    {
        await using var control = await Start();
        var job = await Running(control, maxAttempts: 2);
        await control.Raise(job, new AttemptLost(job, 1, "agent_lost"));
        await control.Raise(job, new AssignJob(job, "worker-1", _session));
        await control.Deliver(Report(1, Everything(job)));
        (await house.History(job))[3..].ShouldBe(["state", "state", "stale"]);
        (await house.Job(job)).State.ShouldBe("Assigned");
        Acknowledged(control).ShouldBe([1]);
    }

    [Fact]
    public async Task Jobs_that_do_not_exist_are_passed_over()
    {
        await using var control = await Start();
        var job = await Running(control);
        await control.Deliver(Report(1, Finished(Guid.NewGuid()), Finished(job), Finished(Guid.Empty)));
        (await house.Job(job)).State.ShouldBe("Succeeded");
        Acknowledged(control).ShouldBe([1]);
    }

    [Fact]
    public async Task Null_parts_are_ignored()
    {
        await using var control = await Start();
        var job = await Running(control);
        await control.Deliver(new AgentReport("worker-1", _session, 1, null!));
        await control.Deliver(new AgentReport("worker-1", _session, 1, [Finished(job), null!]));
        Acknowledged(control).ShouldBeEmpty();

        await control.Deliver(Report(
            1,
            new AttemptReport(job, 1, Output: [new OutputChunk("stdout", null!)]),
            new AttemptReport(job, 1, Output: [null!]),
            new AttemptReport(job, 1, Output: []),
            new AttemptReport(job, 1, Progress: new ProgressReport(0.1, null!))));
        (await house.History(job))[3..].ShouldBe(["progress"]);
        Acknowledged(control).ShouldBe([1]);
    }

    [Fact]
    public async Task What_the_database_cannot_hold_does_not_stop_a_report()
    {
        await using var control = await Start();
        var (job, next) = (await Running(control), await Running(control));
        await control.Deliver(Report(
            1,
            new AttemptReport(job, 1, Output: [new OutputChunk("a\0b", "x\0y"u8.ToArray())]),
            new AttemptReport(job, 1, Progress: new ProgressReport(double.NaN, "a\0b")),
            new AttemptReport(job, 1, Progress: new ProgressReport(double.PositiveInfinity, new string('x', 100_000))),
            new AttemptReport(job, 1, Finished: new AttemptResult(
                AttemptOutcome.Failed, -1, "SIG\0", "not json", "c\0de", "m\0ssage", double.NaN, long.MinValue)),
            Finished(next)));
        var row = await house.Job(job);
        (row.State, row.Result).ShouldBe(("Failed", null));
        (await house.Job(next)).State.ShouldBe("Succeeded");
        Acknowledged(control).ShouldBe([1]);
        Fleet.Control.Jobs.JobView.Of(row, []).Usage.ShouldBeNull();
    }

    [Fact]
    public async Task An_agent_cannot_speak_for_the_attempts_of_another()
    {
        await using var control = await Start();
        var job = await Assigned(control, agent: "worker-2");
        await control.Deliver(Report(1, Everything(job)));
        (await house.Job(job)).State.ShouldBe("Assigned");
        (await house.History(job))[2..].ShouldNotContain("end");
        Acknowledged(control).ShouldBe([1]);
    }

    [Fact]
    public async Task An_agent_cannot_use_up_the_numbers_of_another()
    {
        await using var control = await Start();
        var job = await Running(control);
        await control.Deliver(Report(1, Wrote(job, "a")));
        await control.Deliver(new AgentReport("worker-2", _session, 1000, []));
        await control.Deliver(Report(2, Wrote(job, "b")));
        (await Log(job)).ShouldBe("ab");
    }

    [Fact]
    public async Task A_wait_for_the_acknowledgement_that_fails_leaves_the_report_stored()
    {
        await using var control = await Start();
        var job = await Running(control);
        control.Post.OnTheWay = _ => throw new InvalidOperationException("the broker left");
        var report = Report(1, Wrote(job, "a"));
        await Should.ThrowAsync<Exception>(control.Deliver(report));
        control.Post.OnTheWay = _ => Task.CompletedTask;
        await control.Deliver(report);
        (await Log(job)).ShouldBe("a");
        Acknowledged(control).ShouldBe([1]);
    }

    private static AttemptReport Everything(Guid job) => new(
        job, 1, Started: true,
        [new OutputChunk("stdout", "out"u8.ToArray()), new OutputChunk("stderr", "err"u8.ToArray())],
        new ProgressReport(0.5, "half"),
        new AttemptResult(AttemptOutcome.Succeeded, 0, ResultJson: "{\"n\":1}", CpuSeconds: 0.25, PeakMemoryBytes: 1000));

    private static AttemptReport Wrote(Guid job, string text) =>
        new(job, 1, Output: [new OutputChunk("stdout", System.Text.Encoding.UTF8.GetBytes(text))]);

    private static AttemptReport Finished(Guid job) =>
        new(job, 1, Finished: new AttemptResult(AttemptOutcome.Succeeded, 0));

    private static IEnumerable<long> Acknowledged(TestControl control) =>
        control.Post.Delivered.Where(letter => letter.To == "agent-worker-1")
            .Select(letter => letter.Message).OfType<ReportStored>().Select(stored => stored.Number);

    private AgentReport Report(long number, params AttemptReport[] attempts) => new("worker-1", _session, number, attempts);

    private async Task<TestControl> Start()
    {
        var control = await TestControl.Start(house);
        await control.Start<MassTransitHostedService>();
        return control;
    }

    private async Task<Guid> Assigned(TestControl control, int maxAttempts = 1, string agent = "worker-1")
    {
        var job = await control.Submit(maxAttempts);
        await control.Raise(job, new AssignJob(job, agent, _session));
        return job;
    }

    private async Task<Guid> Running(TestControl control, int maxAttempts = 1)
    {
        var job = await Assigned(control, maxAttempts);
        await control.Raise(job, new JobStarted(job, 1, "worker-1"));
        return job;
    }

    private async Task<string> Log(Guid job) => System.Text.Encoding.UTF8.GetString(await house.Ask<byte[]>(
        "select coalesce(string_agg(output, ''::bytea order by seq), '') from journal where stream = $1", job));
}
