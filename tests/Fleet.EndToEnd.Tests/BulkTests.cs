using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>One action on many jobs.</summary>
[Collection(OneControl.Name)]
public sealed class BulkTests(OneControl fleet)
{
    private readonly string _run = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task What_waits_is_counted_first_and_then_cancelled()
    {
        var waiting = await Wait(30);
        var ended = await fleet.Client.Run(JobDraft.Noop.Labelled("run", _run));
        var forecast = await fleet.Client.Ask<Forecast>(
            HttpStatusCode.OK, HttpMethod.Post, "/v1/jobs/bulk", Body("cancel", dryRun: true));
        forecast.ShouldSatisfyAllConditions(
            () => forecast.Count.ShouldBe(31),
            () => forecast.IsExact.ShouldBeTrue(),
            () => forecast.States.ShouldBe(new Dictionary<string, long> { ["queued"] = 30, ["succeeded"] = 1 }, ignoreOrder: true),
            () => forecast.Sample[0].JobId.ShouldBe(ended.JobId),
            () => forecast.Sample.Count.ShouldBe(10));
        (await fleet.Client.Show(waiting[0].JobId)).State.ShouldBe("queued");

        var done = await End(await Begin("cancel"));
        (done.State, done.Total, done.Seen, done.Done, done.Skipped, done.Failed).ShouldBe(("finished", 31, 31, 30, 1, 0));
        (await fleet.Client.Walk($"label=run={_run}&state=cancelled")).Count.ShouldBe(30);
    }

    [Fact]
    public async Task Failures_are_tried_again_once_each_and_labelled()
    {
        foreach (var job in await fleet.Client.Submit(
            Enumerable.Repeat(JobDraft.Script("exit 3").Labelled("run", _run), 12)))
            (await fleet.Client.End(job.JobId)).State.ShouldBe("failed");
        var first = await fleet.Client.Walk($"label=run={_run}");
        var body = Body("retry", "state:failed");
        var once = await Begin(body, ("Idempotency-Key", _run));
        (await Begin(body, ("Idempotency-Key", _run))).BulkId.ShouldBe(once.BulkId);
        (await End(once)).Done.ShouldBe(12);
        await fleet.Client.AllEnd(_run, 24);
        (await fleet.Client.Walk($"label=run={_run}")).Where(job => job.RetryOf is not null).Select(job => job.RetryOf!)
            .ShouldBe(first.Select(job => job.JobId), ignoreOrder: true);

        var labelled = await End(await Begin(
            Body("relabel", "retry_of:" + first[0].JobId, parameters: new { labels = new { seen = "yes" } })));
        labelled.Done.ShouldBe(1);
        (await fleet.Client.Walk($"label=run={_run}&label=seen=yes")).Single().RetryOf.ShouldBe(first[0].JobId);
    }

    [Fact]
    public async Task Finished_jobs_are_deleted()
    {
        var job = await fleet.Client.Run(JobDraft.Script("echo x").Labelled("run", _run));
        var kept = await fleet.Client.Submit(JobDraft.Noop.Labelled("run", _run).Nowhere());
        var done = await End(await Begin("delete"));
        (done.Done, done.Skipped).ShouldBe((1, 1));
        using (var gone = await fleet.Client.Send(HttpMethod.Get, $"/v1/jobs/{job.JobId}"))
            await gone.MustRefuse(404, "not_found");
        (await fleet.Client.Show(kept.JobId)).State.ShouldBe("queued");
    }

    [Fact]
    public async Task Work_goes_on_where_it_was_when_its_process_is_killed()
    {
        const int Many = 3000;
        for (var i = 0; i < Many; i += 1000)
            await Wait(1000);
        try
        {
            var run = await Begin("relabel", new { labels = new { seen = "yes" } });
            await Eventually.True(async () => (await Show(run)).Seen > 0, "it has begun");
            await fleet.Scripts.Kill("control-1");
            await fleet.Scripts.Restart("control-1");
            var between = await Show(run);
            between.Seen.ShouldBeInRange(1, Many - 1, "too late to disturb anything");
            var done = await End(run);
            (done.State, done.Seen, done.Done).ShouldBe(("finished", Many, Many));
            (await End(await Begin("cancel", null, "label.seen=yes"))).Done.ShouldBe(Many);
        }
        finally
        {
            await fleet.Heal();
        }
    }

    [Fact]
    public async Task It_can_be_cancelled_and_leaves_the_rest_alone()
    {
        for (var i = 0; i < 3; i++)
            await Wait(1000);
        var run = await Begin("relabel", new { labels = new { seen = "yes" } });
        await fleet.Client.Ask<Work>(HttpStatusCode.Accepted, HttpMethod.Post, $"/v1/bulk/{run.BulkId}/cancellation");
        var after = await Show(run);
        after.State.ShouldBe("cancelled");
        (await fleet.Client.Walk($"label=run={_run}&label=seen=yes")).Count.ShouldBe((int)after.Done);
        (await End(await Begin("cancel"))).Done.ShouldBe(3000);
    }

    [Fact]
    public async Task What_waits_for_one_agent_is_purged()
    {
        var name = $"ghost-{_run[..8]}";
        var ghosts = await fleet.Client.Submit(Enumerable.Repeat(JobDraft.Noop.Labelled("run", _run).On(name), 5));
        var other = (await Wait(1))[0];
        var run = await fleet.Client.Ask<Work>(HttpStatusCode.Accepted, HttpMethod.Delete, $"/v1/agents/{name}/pending");
        (await End(run)).Done.ShouldBe(5);
        foreach (var ghost in ghosts)
            (await fleet.Client.Show(ghost.JobId)).State.ShouldBe("cancelled");
        (await fleet.Client.Show(other.JobId)).State.ShouldBe("queued");
    }

    [Theory]
    [InlineData("""{"action":"cancel"}""", "filter")]
    [InlineData("""{"action":"cancel","filter":" "}""", "filter")]
    [InlineData("""{"action":"dance","filter":"state:queued"}""", "action")]
    [InlineData("""{"filter":"state:queued"}""", "action")]
    [InlineData("""{"action":"cancel","filter":"state"}""", "filter")]
    [InlineData("""{"action":"cancel","filter":"name~\"(\""}""", "filter")]
    [InlineData("""{"action":"cancel","view":"no such view"}""", "view")]
    [InlineData("""{"action":"reprioritise","filter":"state:queued"}""", "parameters.priority")]
    [InlineData("""{"action":"reprioritise","filter":"state:queued","parameters":{"priority":10}}""", "parameters.priority")]
    [InlineData("""{"action":"relabel","filter":"state:queued","parameters":{"labels":{}}}""", "parameters.labels")]
    [InlineData("""{"action":"relabel","filter":"state:queued","parameters":{"labels":{"a=b":"c"}}}""", "parameters.labels")]
    [InlineData("""{"action":"cancel","filter":"state:queued","parameters":{"priority":1}}""", "parameters.priority")]
    public async Task A_wrong_request_is_explained(string body, string field)
    {
        using var answer = await fleet.Client.Send(HttpMethod.Post, "/v1/jobs/bulk", body);
        (await answer.MustRefuse(400, "invalid_field")).Errors!.Keys.ShouldContain(field);
    }

    [Fact]
    public async Task Another_tenant_reaches_nothing()
    {
        await Wait(2);
        var key = await fleet.Client.NewKey("other", tenant: $"t{_run[..8]}", role: "operator");
        using var other = fleet.ClientWith(key.Key);
        (await other.Ask<Forecast>(HttpStatusCode.OK, HttpMethod.Post, "/v1/jobs/bulk", Body("cancel", dryRun: true)))
            .Count.ShouldBe(0);
        var run = await Begin("cancel", null, "name:nobody");
        using var hidden = await other.Send(HttpMethod.Get, $"/v1/bulk/{run.BulkId}");
        await hidden.MustRefuse(404, "not_found");
    }

    private async Task<IReadOnlyList<JobView>> Wait(int count) =>
        await fleet.Client.Submit(Enumerable.Repeat(JobDraft.Noop.Labelled("run", _run).Nowhere(), count));

    private string Body(string action, string filter = "", object? parameters = null, bool dryRun = false) => FleetJson.Write(new
    {
        action,
        filter = $"label.run={_run} {filter}",
        parameters = parameters ?? new { },
        dry_run = dryRun,
    });

    private Task<Work> Begin(string action, object? parameters, string filter = "") => Begin(Body(action, filter, parameters));

    private async Task<Work> Begin(string actionOrBody, params (string, string)[] headers)
    {
        var body = actionOrBody.StartsWith('{') ? actionOrBody : Body(actionOrBody);
        using var answer = await fleet.Client.Send(HttpMethod.Post, "/v1/jobs/bulk", body, headers);
        var run = FleetJson.Read<Work>(await answer.Must(HttpStatusCode.Accepted));
        answer.Headers.Location!.OriginalString.ShouldBe($"/v1/bulk/{run.BulkId}");
        return run;
    }

    private Task<Work> Show(Work run) => fleet.Client.Get<Work>($"/v1/bulk/{run.BulkId}");

    private async Task<Work> End(Work run)
    {
        await Eventually.True(async () => (run = await Show(run)).State != "running", $"bulk work {run.BulkId} ends");
        return run;
    }

    private sealed record Work(
        string BulkId, string State, long Seen, long Done, long Skipped, long Failed, long? Total, string? Trouble);

    private sealed record Forecast(long Count, bool IsExact, Dictionary<string, long> States, IReadOnlyList<JobView> Sample);
}
