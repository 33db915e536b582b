using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>What is wrong gets a clear answer and harms nothing else.</summary>
[Collection(OneControl.Name)]
public sealed class BadInputTests(OneControl fleet)
{
    private const string UnknownId = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly string[] PathsOfAJob =
    [
        "GET ", "GET /events", "GET /log", "GET /artifacts", "GET /artifacts/a.txt",
        "POST /cancellation", "POST /retry",
    ];

    public static IEnumerable<object[]> Submissions =>
        BadSubmissions.All.Select(one => new object[] { one.Body, one.Field });

    [Theory]
    [MemberData(nameof(Submissions), DisableDiscoveryEnumeration = true)]
    public async Task A_wrong_submission_is_refused_by_the_name_of_the_field(string body, string field)
    {
        using var answer = await fleet.Client.Send(HttpMethod.Post, "/v1/jobs", body);
        var isWhole = field == BadSubmissions.WholeBody;
        var problem = await answer.MustRefuse(400, isWhole ? "invalid_body" : "invalid_field");
        if (!isWhole)
            problem.Errors.ShouldNotBeNull().ShouldContainKey(field);
    }

    [Theory]
    [InlineData("/v1/jobs?state=dancing", "state")]
    [InlineData("/v1/jobs?state=", "state")]
    [InlineData("/v1/jobs?kind=dance", "kind")]
    [InlineData("/v1/jobs?label=colour", "label")]
    [InlineData("/v1/jobs?since=yesterday", "since")]
    [InlineData("/v1/jobs?until=", "until")]
    [InlineData("/v1/jobs?limit=0", "limit")]
    [InlineData("/v1/jobs?limit=201", "limit")]
    [InlineData("/v1/jobs?limit=ten", "limit")]
    [InlineData("/v1/jobs?cursor=", "cursor")]
    [InlineData("/v1/jobs?cursor=!!!", "cursor")]
    [InlineData("/v1/jobs?cursor=bm90IGFuIGlk", "cursor")]
    [InlineData("/v1/jobs?colour=green", "colour")]
    [InlineData("/v1/jobs/{id}?wait=-1", "wait")]
    [InlineData("/v1/jobs/{id}?wait=61", "wait")]
    [InlineData("/v1/jobs/{id}?wait=NaN", "wait")]
    [InlineData("/v1/jobs/{id}?wait=long", "wait")]
    [InlineData("/v1/jobs/{id}/events?after=x", "after")]
    [InlineData("/v1/jobs/{id}/log?stream=stdin", "stream")]
    [InlineData("/v1/jobs/{id}/log?follow=maybe", "follow")]
    public async Task A_wrong_question_is_refused_by_the_name_of_the_parameter(string path, string field)
    {
        var id = (await fleet.Client.Submit(JobDraft.Noop)).JobId;
        using var answer = await fleet.Client.Send(HttpMethod.Get, path.Replace("{id}", id, StringComparison.Ordinal));
        (await answer.MustRefuse(400, "invalid_field")).Errors.ShouldNotBeNull().ShouldContainKey(field);
    }

    [Fact]
    public async Task A_list_with_one_wrong_job_makes_none()
    {
        var run = Guid.NewGuid().ToString("N");
        var good = JobDraft.Noop.Labelled("run", run);
        JobDraft[] jobs = [good, good with { Priority = 99 }];
        using var answer = await fleet.Client.Send(HttpMethod.Post, "/v1/jobs", FleetJson.Write(jobs));
        await answer.MustRefuse(400, "invalid_field");
        (await fleet.Client.Walk($"label=run={run}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_of_another_kind_or_no_text_at_all_is_refused()
    {
        using var text = await Post(new StringContent("{\"kind\":\"noop\"}"));
        await text.MustRefuse(415, "unsupported_media_type");
        var bytes = new ByteArrayContent([.. "{\"kind\":\"noop\",\"name\":\""u8, 0xFF, .. "\"}"u8]);
        bytes.Headers.ContentType = new("application/json");
        using var noText = await Post(bytes);
        (await noText.MustRefuse(400, "invalid_field")).Errors.ShouldNotBeNull().ShouldContainKey("name");
    }

    [Fact]
    public async Task What_is_wrong_leaves_the_process_and_its_memory_as_they_were()
    {
        const long Bound = 50 << 20;
        await Misbehave(); // once, so that all of the code is there
        var pid = fleet.Home.Pid("control-1");
        var before = ProcFile.Rss(pid);
        for (var i = 0; i < 10; i++)
            await Misbehave();
        fleet.Home.Pid("control-1").ShouldBe(pid);
        ProcFile.IsAlive(pid).ShouldBeTrue();
        await Eventually.True(() => ProcFile.Rss(pid) - before < Bound, "memory is given back");
        (await fleet.Client.Run(JobDraft.Noop)).State.ShouldBe("succeeded");
    }

    [Fact]
    public async Task The_largest_bodies_do_not_pile_up()
    {
        const long Bound = 150 << 20;
        await Misbehave(); // once, so that all of the code is there
        var pid = fleet.Home.Pid("control-1");
        var before = ProcFile.Rss(pid);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendLargest(times: 20)));
        fleet.Home.Pid("control-1").ShouldBe(pid);
        await Eventually.True(() => ProcFile.Rss(pid) - before < Bound, "memory is given back");
    }

    [Theory]
    [InlineData(UnknownId)]
    [InlineData("not-an-id")]
    [InlineData("00000000000000000000000000")]
    [InlineData("%252e%252e")]
    public Task An_unknown_job_does_not_exist(string id) => MustNotExist(fleet.Client, id);

    [Fact]
    public async Task A_job_of_another_tenant_does_not_exist()
    {
        var job = await fleet.Client.Run(JobDraft.Script("echo secret > \"$FLEET_ARTIFACTS_DIR/a.txt\""));
        var key = await fleet.Client.NewKey("stranger", tenant: "strange", role: "admin");
        using var stranger = fleet.ClientWith(key.Key);
        await MustNotExist(stranger, job.JobId);
        (await stranger.List("")).Items.ShouldNotContain(other => other.JobId == job.JobId);
    }

    [Theory]
    [InlineData("../a.txt")]
    [InlineData("%2e%2e/a.txt")]
    [InlineData("..%2fa.txt")]
    [InlineData("%2E%2E%2Fa.txt")]
    [InlineData("%252e%252e%252fa.txt")]
    [InlineData("b/../../../a.txt")]
    [InlineData("..%5ca.txt")]
    [InlineData("b//a.txt")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("a%00.txt")]
    [InlineData("a%0a.txt")]
    public async Task A_name_that_leads_elsewhere_is_no_name_of_an_artifact(string name)
    {
        var gate = new Gate(fleet.Home);
        var job = await fleet.Client.Submit(JobDraft.Script(gate.Wait).On(FleetScripts.Wide));
        await fleet.Client.Becomes(job.JobId, "running");
        using var agent = fleet.ClientWith(fleet.Home.TokenOf(FleetScripts.Wide));
        var put = Exactly($"/v1/attempts/{job.JobId}/1/artifacts/{name}");
        using var answer = await agent.Send(HttpMethod.Put, put, "{}", ("Fleet-Agent", FleetScripts.Wide));
        ((int)answer.StatusCode).ShouldBeOneOf(400, 404, 405);
        using var got = await fleet.Client.Send(HttpMethod.Get, Exactly($"/v1/jobs/{job.JobId}/artifacts/{name}"));
        ((int)got.StatusCode).ShouldBeOneOf(400, 404);
        gate.Open();
        (await fleet.Client.End(job.JobId)).Artifacts.ShouldBeEmpty();
    }

    private static async Task MustNotExist(FleetClient client, string id)
    {
        foreach (var (method, path) in PathsOfAJob.Select(line => (line.Split(' ')[0], line.Split(' ')[1])))
        {
            using var answer = await client.Send(new HttpMethod(method), $"/v1/jobs/{id}{path}");
            await answer.MustRefuse(404, "not_found");
        }
    }

    /// <summary>A path that is sent as it is written.</summary>
    private Uri Exactly(string path) => new(
        fleet.Scripts.Ports.EdgeUrl.OriginalString + path,
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private async Task Misbehave()
    {
        foreach (var (body, _) in BadSubmissions.All)
        {
            using var answer = await fleet.Client.Send(HttpMethod.Post, "/v1/jobs", body);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        var huge = $"{{\"kind\":\"noop\",\"name\":\"{new string('n', 10_000_000)}\"}}";
        using var tooLarge = await fleet.Client.Send(HttpMethod.Post, "/v1/jobs", huge);
        await tooLarge.MustRefuse(413, "body_too_large");
    }

    /// <summary>Bodies just within the limit, one after the other.</summary>
    private async Task SendLargest(int times)
    {
        var largest = $"{{\"kind\":\"noop\",\"name\":\"{new string('n', 8_000_000)}\"}}";
        for (var i = 0; i < times; i++)
        {
            using var wrong = await fleet.Client.Send(HttpMethod.Post, "/v1/jobs", largest);
            (await wrong.MustRefuse(400, "invalid_field")).Errors.ShouldNotBeNull().ShouldContainKey("name");
        }
    }

    private Task<HttpResponseMessage> Post(HttpContent content) =>
        fleet.Client.Send(HttpMethod.Post, new Uri("/v1/jobs", UriKind.Relative), content);
}
