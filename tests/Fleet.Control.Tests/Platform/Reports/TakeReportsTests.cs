using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Http;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using MassTransit;

namespace Fleet.Control.Tests.Platform.Reports;

/// <summary>What agents say is stored once, in their order, and they hear that it is.</summary>
public sealed class TakeReportsTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
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
            await Task.WhenAll(one.Deliver(report), other.Deliver(report), one.Deliver(report)).Within();
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
        var later = Guid.NewGuid();
        await control.Register("worker-1", later);
        await control.Deliver(Report(1, Wrote(job, "b")) with { Session = later });
        (await Log(job)).ShouldBe("ab");
    }

    [Fact]
    public async Task A_report_of_another_attempt_changes_nothing_and_a_finished_one_is_told()
    {
        await using var control = await Start();
        var job = await Running(control, maxAttempts: 2);
        await control.Raise(job, new AttemptLost(job, JobKinds.Noop, 1, "agent_lost"));
        await control.Raise(job, new AssignWork(job, JobKinds.Noop, "worker-1", _session));
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
            new AttemptReport(job, JobKinds.Noop, 1, Output: [new OutputChunk("stdout", null!)]),
            new AttemptReport(job, JobKinds.Noop, 1, Output: [null!]),
            new AttemptReport(job, JobKinds.Noop, 1, Output: []),
            new AttemptReport(job, JobKinds.Noop, 1, Progress: new ProgressReport(0.1, null!))));
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
            new AttemptReport(job, JobKinds.Noop, 1, Output: [new OutputChunk("a\0b", "x\0y"u8.ToArray())]),
            new AttemptReport(job, JobKinds.Noop, 1, Progress: new ProgressReport(double.NaN, "a\0b")),
            new AttemptReport(job, JobKinds.Noop, 1, Progress: new ProgressReport(double.PositiveInfinity, new string('x', 100_000))),
            new AttemptReport(job, JobKinds.Noop, 1, Finished: new AttemptResult(
                AttemptOutcome.Failed, -1, "SIG\0", "not json", "c\0de", "m\0ssage", double.NaN, long.MinValue)),
            Finished(next)));
        var row = await house.Job(job);
        (row.State, row.Result).ShouldBe(("Failed", null));
        (await house.Job(next)).State.ShouldBe("Succeeded");
        Acknowledged(control).ShouldBe([1]);
        Fleet.Control.Jobs.JobView.Of(row, []).Usage.ShouldBeNull();
    }

    [Fact]
    public async Task Text_is_cut_between_characters()
    {
        await using var control = await Start();
        var (job, next) = (await Running(control), await Running(control));
        var (words, sentences) = (new string('x', 999) + "\U0001F600", new string('x', 7_999) + "\U0001F600");
        await control.Deliver(Report(
            1,
            new AttemptReport(job, JobKinds.Noop, 1, Progress: new ProgressReport(0.5, words)),
            new AttemptReport(next, JobKinds.Noop, 1, Finished: new AttemptResult(AttemptOutcome.Failed, 1, ErrorMessage: sentences))));
        (await house.Job(job)).ProgressText.ShouldBe(new string('x', 999));
        (await house.Job(next)).ErrorMessage.ShouldBe(new string('x', 7_999));
    }

    [Theory]
    [InlineData("""{ "a" : [ 1.50, "\u00e4" ] }""", """{"a":[1.50,"ä"]}""")]
    [InlineData("""{ "a": "\ud800" }""", null)]
    [InlineData("""{ "\ud800": 1 }""", null)]
    public async Task A_result_is_kept_as_far_as_it_can_be_shown(string left, string? kept)
    {
        await using var control = await Start();
        var job = await Running(control);
        await control.Deliver(Report(1, new AttemptReport(
            job, JobKinds.Noop, 1, Finished: new AttemptResult(AttemptOutcome.Succeeded, 0, ResultJson: left))));
        (await house.Job(job)).Result.ShouldBe(kept);
    }

    [Fact]
    public void A_result_of_any_depth_that_is_kept_can_be_shown_in_a_list()
    {
        var job = new Fleet.Control.Jobs.Job { State = "Succeeded", Result = new string('[', 64) + new string(']', 64) };
        var page = new PageOf<Fleet.Control.Jobs.JobView>([Fleet.Control.Jobs.JobView.Of(job, [])], null);
        System.Text.Json.JsonSerializer.Serialize(page, FleetJson.Options).ShouldContain(job.Result);
    }

    [Fact]
    public async Task What_cannot_be_stored_becomes_a_dead_letter_and_the_rest_of_its_report_is_stored()
    {
        await using var control = await Start();
        var (job, poisoned, next) = (await Running(control), await Running(control), await Running(control));
        await house.Do(
            $"""
            create function poison() returns trigger language plpgsql as 'begin raise exception ''poison''; end';
            create trigger poison before insert on journal for each row
                when (new.stream = '{poisoned}' and new.type = 'end') execute function poison()
            """);
        var report = Report(1, Wrote(job, "a"), Finished(poisoned), Finished(next));
        await control.Deliver(report);
        await control.Deliver(report);
        (await Log(job)).ShouldBe("a");
        (await house.Job(poisoned)).State.ShouldBe("Running");
        (await house.Job(next)).State.ShouldBe("Succeeded");
        Acknowledged(control).ShouldBe([1, 1]);
        (await house.Ask<string>(
            "select reason from dead_letters where position($1::text::bytea in body) > 0", poisoned.ToString()))
            .ShouldBe("PostgresException: P0001: poison");
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
    public async Task An_acknowledgement_that_fails_makes_no_dead_letter_of_the_report()
    {
        await using var control = await Start();
        var job = await Running(control);
        control.Post.OnTheWay = _ => throw new InvalidOperationException("the broker left");
        var report = Report(1, Wrote(job, "a"));
        await control.Deliver(report);
        (await Log(job)).ShouldBe("a");
        Acknowledged(control).ShouldBeEmpty();
        control.Post.OnTheWay = _ => Task.CompletedTask;
        await control.Deliver(report);
        (await Log(job)).ShouldBe("a");
        Acknowledged(control).ShouldBe([1]);
    }

    private static AttemptReport Everything(Guid job) => new(
        job, JobKinds.Noop, 1, Started: true,
        [new OutputChunk("stdout", "out"u8.ToArray()), new OutputChunk("stderr", "err"u8.ToArray())],
        new ProgressReport(0.5, "half"),
        new AttemptResult(AttemptOutcome.Succeeded, 0, ResultJson: "{\"n\":1}", CpuSeconds: 0.25, PeakMemoryBytes: 1000));

    private static AttemptReport Wrote(Guid job, string text) =>
        new(job, JobKinds.Noop, 1, Output: [new OutputChunk("stdout", System.Text.Encoding.UTF8.GetBytes(text))]);

    private static AttemptReport Finished(Guid job) =>
        new(job, JobKinds.Noop, 1, Finished: new AttemptResult(AttemptOutcome.Succeeded, 0));

    private static IEnumerable<long> Acknowledged(TestControl control) =>
        control.Post.Delivered.Where(letter => letter.To == "agent-worker-1")
            .Select(letter => letter.Message).OfType<ReportStored>().Select(stored => stored.Number);

    private AgentReport Report(long number, params AttemptReport[] attempts) => new("worker-1", _session, number, attempts);

    private async Task<TestControl> Start()
    {
        var control = await TestControl.Start(house);
        await control.Start<MassTransitHostedService>();
        await control.Register("worker-1", _session);
        return control;
    }

    private async Task<Guid> Assigned(TestControl control, int maxAttempts = 1, string agent = "worker-1")
    {
        var job = await control.Submit(maxAttempts);
        await control.Raise(job, new AssignWork(job, JobKinds.Noop, agent, _session));
        return job;
    }

    private async Task<Guid> Running(TestControl control, int maxAttempts = 1)
    {
        var job = await Assigned(control, maxAttempts);
        await control.Raise(job, new AttemptStarted(job, JobKinds.Noop, 1, "worker-1"));
        return job;
    }

    private async Task<string> Log(Guid job) => System.Text.Encoding.UTF8.GetString(await house.Ask<byte[]>(
        "select coalesce(string_agg(output, ''::bytea order by seq), '') from journal where stream = $1", job));
}
