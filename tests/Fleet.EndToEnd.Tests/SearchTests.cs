using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Finding jobs by what they are and by what they wrote.</summary>
[Collection(OneControl.Name)]
public sealed class SearchTests(OneControl fleet)
{
    private const string Hostile = @"output~""^(.*)(.*)(.*)(.*)(.*)\\5\\4\\3\\2\\1$""";

    private readonly string _run = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_filter_chooses_by_fields_and_by_output()
    {
        var good = await fleet.Client.Run(Script("echo all well") with { Name = "nightly build" });
        var bad = await fleet.Client.Run(Script("echo 'java.lang.OutOfMemoryError: heap' >&2; exit 3") with { Name = "build" });
        var waiting = await fleet.Client.Submit(JobDraft.Noop.Labelled("run", _run).Nowhere() with { Name = "later" });

        await MustFind("", waiting, bad, good);
        await MustFind("state:failed,queued", waiting, bad);
        await MustFind("name~\"build$\"", bad, good);
        await MustFind("name:\"nightly build\"", good);
        await MustFind("exit!=0", bad);
        await MustFind("NOT exit:0", waiting, bad);
        await MustFind("agent:worker-* finished<1h", bad, good);
        await MustFind("(state:queued OR error:exit_code) created<1h", waiting, bad);
        await MustFind("output~OutOfMemory", bad);
        await MustFind("stderr~^java", bad);
        await MustFind("stdout~^java");
        await MustFind("output~\"(?i)ALL WELL\" state:succeeded", good);
    }

    [Theory]
    [InlineData("colour:red", "At character 1: there is no field colour")]
    [InlineData("state:failed name~", "At character 19: expected")]
    [InlineData("name~\"(\"", "parentheses () not balanced")]
    public async Task A_wrong_filter_is_explained(string filter, string words)
    {
        using var answer = await fleet.Client.Send(HttpMethod.Get, $"/v1/jobs?filter={Uri.EscapeDataString(filter)}");
        var problem = await answer.MustRefuse(400, "invalid_field");
        problem.Errors!["filter"][0].ShouldContain(words);
    }

    [Fact]
    public async Task A_view_is_a_filter_with_a_name()
    {
        var bad = await fleet.Client.Run(Script("exit 3"));
        await fleet.Client.Run(Script("exit 0"));
        var name = $"view-{_run}";
        var view = new { name, filter = $"state:failed label.run={_run}", description = "What broke" };
        await fleet.Client.Ask<JsonElement>(HttpStatusCode.Created, HttpMethod.Post, "/v1/views", FleetJson.Write(view));
        (await fleet.Client.Walk($"view={name}")).Select(job => job.JobId).ShouldBe([bad.JobId]);
        (await fleet.Client.Walk($"view={name}&filter=exit:0")).ShouldBeEmpty();
        using (var again = await fleet.Client.Send(HttpMethod.Post, "/v1/views", FleetJson.Write(view)))
            await again.MustRefuse(409, "view_exists");
        await fleet.Client.Ask<JsonElement>(
            HttpStatusCode.OK, HttpMethod.Put, $"/v1/views/{name}", FleetJson.Write(new { filter = "state:expired name:none" }));
        (await fleet.Client.Get<JsonElement>($"/v1/views/{name}")).GetProperty("filter").GetString().ShouldBe("state:expired name:none");
        using (var gone = await fleet.Client.Send(HttpMethod.Delete, $"/v1/views/{name}"))
            await gone.Must(HttpStatusCode.NoContent);
        using var unknown = await fleet.Client.Send(HttpMethod.Get, $"/v1/jobs?view={name}");
        (await unknown.MustRefuse(400, "invalid_field")).Errors!.Keys.ShouldBe(["view"]);
    }

    [Fact]
    public async Task A_hostile_expression_ends_in_time_and_nobody_else_notices()
    {
        var talker = await fleet.Client.Run(Script("head -c 200000 /dev/zero | tr '\\0' a; echo b"));
        var filter = Uri.EscapeDataString($"{Hostile} label.run={_run}");
        var began = Stopwatch.GetTimestamp();
        var searches = Enumerable.Range(0, 6).Select(_ => fleet.Client.Send(HttpMethod.Get, $"/v1/jobs?filter={filter}")).ToList();
        var beside = 0;
        for (; beside < 20 && searches.Exists(search => !search.IsCompleted); beside++)
            (await fleet.Client.Run(JobDraft.Noop.Labelled("beside", _run))).State.ShouldBe("succeeded");
        beside.ShouldBeGreaterThan(0);

        foreach (var search in searches)
        {
            using var answer = await search.Within();
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                await answer.MustRefuse(503, "search_busy");
            else if (answer.StatusCode != HttpStatusCode.OK)
                await answer.MustRefuse(422, "search_timeout");
        }

        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(90));
        (await fleet.Client.Walk($"label=run={_run}")).Select(job => job.JobId).ShouldBe([talker.JobId]);
    }

    [Fact]
    public async Task One_job_gets_another_priority_and_other_labels()
    {
        var job = await fleet.Client.Submit(JobDraft.Noop.Labelled("run", _run).Nowhere());
        var change = FleetJson.Write(new { priority = 9, labels = new Dictionary<string, string?> { ["run"] = null, ["new"] = _run } });
        var changed = await fleet.Client.Ask<JobView>(HttpStatusCode.OK, HttpMethod.Patch, $"/v1/jobs/{job.JobId}", change);
        (changed.Priority, changed.Labels["new"], changed.Labels.Count).ShouldBe((9, _run, 1));
        using (var ended = await fleet.Client.Cancel(job.JobId))
            await ended.Must(HttpStatusCode.Accepted);
        (await fleet.Client.Journal(job.JobId)).Select(entry => entry.Type).ShouldBe(["state", "labels", "priority", "state", "end"]);
        using var late = await fleet.Client.Send(HttpMethod.Patch, $"/v1/jobs/{job.JobId}", "{\"priority\":1}");
        await late.MustRefuse(409, "finished");
        using var wrong = await fleet.Client.Send(HttpMethod.Patch, $"/v1/jobs/{job.JobId}", "{\"priority\":10}");
        await wrong.MustRefuse(400, "invalid_field");
    }

    private JobDraft Script(string text) => JobDraft.Script(text).Labelled("run", _run);

    private async Task MustFind(string filter, params JobView[] expected) =>
        (await fleet.Client.Walk($"filter={Uri.EscapeDataString($"label.run={_run} {filter}")}")).Select(job => job.JobId)
            .ShouldBe(expected.Select(job => job.JobId), filter);
}
