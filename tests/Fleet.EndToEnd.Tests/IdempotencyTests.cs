using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>A request that is repeated with its key is one request.</summary>
public abstract class IdempotencyTests(FleetUnderTest fleet)
{
    private const int Repetitions = 100;

    private readonly string _run = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task The_same_key_a_hundred_times_at_once_makes_one_job()
    {
        var body = FleetJson.Write(JobDraft.Noop.Labelled("run", _run));
        var answers = await Task.WhenAll(Enumerable.Range(0, Repetitions).Select(_ => Post(body)));
        var bodies = await Task.WhenAll(answers.Select(answer => answer.Must(HttpStatusCode.Accepted)));
        bodies.Distinct().ShouldHaveSingleItem();
        answers.Select(answer => answer.Headers.Location).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
        answers.Count(IsReplay).ShouldBe(Repetitions - 1);

        var made = (await fleet.Client.Walk($"label=run={_run}")).ShouldHaveSingleItem();
        made.JobId.ShouldBe(FleetJson.Read<JobView>(bodies[0]).JobId);
        (await fleet.Client.End(made.JobId)).State.ShouldBe("succeeded");
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        using var first = await Post(FleetJson.Write(JobDraft.Noop.Labelled("run", _run)));
        await first.Must(HttpStatusCode.Accepted);
        using var other = await Post(FleetJson.Write(JobDraft.Noop.Labelled("run", "other")));
        await other.MustRefuse(422, "idempotency_key_reused");
        (await fleet.Client.Walk($"label=run={_run}")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_key_of_a_list_a_hundred_times_at_once_makes_the_list_once()
    {
        var body = FleetJson.Write(Enumerable.Repeat(JobDraft.Noop.Labelled("run", _run), 10));
        var answers = await Task.WhenAll(Enumerable.Range(0, Repetitions).Select(_ => Post(body)));
        var bodies = await Task.WhenAll(answers.Select(answer => answer.Must(HttpStatusCode.Accepted)));
        bodies.Distinct().ShouldHaveSingleItem();
        (await fleet.Client.Walk($"label=run={_run}")).Count.ShouldBe(10);
    }

    private static bool IsReplay(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Idempotency-Replayed", out var values) && values.Single() == "true";

    private Task<HttpResponseMessage> Post(string body) =>
        fleet.Client.Send(HttpMethod.Post, "/v1/jobs", body, ("Idempotency-Key", _run));
}

[Collection(OneControl.Name)]
public sealed class IdempotencyWithOneControlTests(OneControl fleet) : IdempotencyTests(fleet);

[Collection(TwoControls.Name)]
public sealed class IdempotencyWithTwoControlsTests(TwoControls fleet) : IdempotencyTests(fleet);
