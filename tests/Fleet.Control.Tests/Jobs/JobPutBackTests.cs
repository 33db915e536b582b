using System.Text;
using Fleet.Contracts.Jobs;
using Fleet.Control.Jobs;
using Fleet.Control.Tests.Jobs.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Model calls: an upstream that is away fails no job, one that answers wrongly costs attempts.</summary>
public sealed class JobPutBackTests(Trial trial) : IClassFixture<Trial>
{
    [Theory]
    [InlineData("upstream_unreachable")]
    [InlineData("upstream_busy")]
    public async Task An_upstream_that_takes_no_calls_costs_no_attempt_and_the_pauses_grow(string code)
    {
        var job = await Submitted();
        var pauses = new List<double>();
        for (var attempt = 1; attempt <= 8; attempt++)
        {
            await Assign(job);
            await job.Start(attempt);
            var unit = await job.Fail(attempt, code);
            (job.Row.State, job.Row.Ready, job.Row.Failures, job.Row.ErrorCode).ShouldBe(("Queued", false, 0, code));
            unit.GivesSlotBack(job).ShouldBeTrue();
            pauses.Add(unit.Timers().Single().Delay.TotalSeconds);
            await job.RetryIsDue();
        }

        pauses[0].ShouldBeInRange(0.8, 1.2);
        pauses[3].ShouldBeInRange(6.4, 9.6);
        pauses[7].ShouldBeInRange(24, 36, "an agent soon finds an upstream that is back");
        await Assign(job);
        await job.Start(9);
        await job.Succeed(9);
        (job.Row.State, job.Row.ErrorCode, job.Row.PutBacks).ShouldBe(("Succeeded", null, 0));
    }

    [Theory]
    [InlineData("upstream_cut")]
    [InlineData("upstream_silence")]
    [InlineData("upstream_error")]
    [InlineData("upstream_rubbish")]
    [InlineData("model_not_found")]
    public async Task An_upstream_that_answers_wrongly_costs_attempts(string code)
    {
        var job = await Submitted();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await Assign(job);
            await job.Start(attempt);
            await job.Fail(attempt, code);
            if (attempt < 3)
                await job.RetryIsDue();
        }

        (job.Row.State, job.Row.Failures, job.Row.ErrorCode).ShouldBe(("Failed", 3, code));
    }

    [Fact]
    public async Task What_cannot_succeed_is_not_tried_again()
    {
        var job = await Submitted();
        await Assign(job);
        await job.Start();
        await job.Say(new JobFinished(
            job.Id, 1, TrialJob.Agent, new AttemptResult(AttemptOutcome.Failed, ErrorCode: "upstream_refused", IsFinal: true)));
        (job.Row.State, job.Row.ErrorCode).ShouldBe(("Failed", "upstream_refused"));
    }

    [Fact]
    public async Task The_row_and_the_command_name_the_upstream_and_the_lane_the_model()
    {
        var job = await Submitted();
        (job.Row.Model, job.Row.Operation).ShouldBe(("echo:latest", "chat"));
        job.Row.Lane.ShouldBe("""["inference",null,"echo"]""");
        var unit = await Assign(job);
        job.Row.Upstream.ShouldBe("there");
        unit.Told().OfType<RunJob>().Single().Upstream.ShouldBe("there");
        var held = unit.Slots.Single().Item2.ShouldNotBeNull();
        (held.Capability, held.Upstream, held.Model).ShouldBe(("inference", "there", "echo"));
    }

    [Fact]
    public async Task What_a_model_says_has_streams_of_its_own()
    {
        var job = await Submitted();
        await Assign(job);
        await job.Start();
        foreach (var stream in (string[])["thinking", "content", "tool_calls", "stderr", "state"])
            await job.Write("x", stream);
        job.History.TakeLast(5).ShouldBe(["thinking", "content", "tool_calls", "stderr", "stderr"]);

        var command = await trial.Running();
        await command.Write("x", "content");
        command.Last.Type.ShouldBe("stdout");
        Encoding.UTF8.GetString(command.Last.Output!).ShouldBe("x");
    }

    private async Task<TrialJob> Submitted()
    {
        var job = trial.New();
        var call = new InferenceSpec("chat", "echo:latest", [new ChatMessage("user", "hello")]);
        await job.Say(new SubmitJob(
            job.Id, "default", new JobSpec("inference", Inference: call), null, new Dictionary<string, string>(), 5,
            InferenceSpecs.MaxAttempts, null, null, new JobTarget(null, new Dictionary<string, string>())));
        return job;
    }

    private static Task<Fleet.Control.Platform.Persistence.Unit> Assign(TrialJob job) =>
        job.Say(new AssignJob(job.Id, TrialJob.Agent, job.Session, Upstream: "there"));
}
