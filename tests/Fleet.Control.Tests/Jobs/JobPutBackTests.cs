using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Models;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Tests.Jobs.Support;

namespace Fleet.Control.Tests.Jobs;

/// <summary>Model calls: an upstream that is away fails no job, one that answers wrongly costs attempts.</summary>
public sealed class JobPutBackTests(LifecycleHarness trial) : IClassFixture<LifecycleHarness>
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
        await job.Say(new AttemptFinished(
            job.Id, JobKinds.Noop, 1, HarnessJob.Agent, new AttemptResult(AttemptOutcome.Failed, ErrorCode: "upstream_refused", IsFinal: true)));
        (job.Row.State, job.Row.ErrorCode).ShouldBe(("Failed", "upstream_refused"));
    }

    [Fact]
    public async Task The_row_and_the_command_name_the_upstream_and_the_lane_the_model()
    {
        var job = await Submitted();
        job.Row.Model.ShouldBe("echo:latest");
        job.Row.Demand.ShouldBe("""["inference","inference",null,"echo"]""");
        var unit = await Assign(job);
        job.Row.Upstream.ShouldBe("there");
        unit.Told().OfType<RunAttempt>().Single().Upstream.ShouldBe("there");
        var held = unit.Slots.Single().Item2.ShouldNotBeNull();
        (held.Capability, held.Upstream, held.Model).ShouldBe(("inference", "there", "echo"));
    }

    private async Task<HarnessJob> Submitted()
    {
        var job = trial.New();
        var call = new InferenceSpec("chat", "echo:latest", [new ChatMessage("user", "hello")]);
        await job.Say(new SubmitWork(
            job.Id, InferenceSpec.Kind, SpecJson.Write(call), "default", null, new Dictionary<string, string>(), 5,
            InferenceSpecs.MaxAttempts, null, null, new WorkTarget(null, new Dictionary<string, string>()),
            Capability: ReadyUpstream.Generation, Model: call.Model));
        return job;
    }

    private static Task<UnitOfWork> Assign(HarnessJob job) =>
        job.Say(new AssignWork(job.Id, InferenceSpec.Kind, HarnessJob.Agent, job.Session, Upstream: "there"));
}
