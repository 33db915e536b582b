using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary>How answers look, in every format.</summary>
public sealed class OutputTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    private static readonly string[] Formats = ["table", "wide", "json", "jsonl", "yaml", "name"];

    [Theory]
    [InlineData("job-ls", "job ls")]
    [InlineData("job-show", "job show " + Samples.JobId)]
    [InlineData("job-explain", "job explain " + Samples.JobId)]
    [InlineData("agent-ls", "agent ls")]
    [InlineData("agent-show", "agent show worker-1")]
    [InlineData("schedule-ls", "schedule ls")]
    [InlineData("schedule-occurrences", "schedule occurrences nightly")]
    [InlineData("model-ls", "model ls")]
    [InlineData("key-ls", "key ls")]
    [InlineData("key-create", "key create reader --role viewer")]
    [InlineData("audit", "audit")]
    public async Task Answers_look_as_they_always_did(string name, string line)
    {
        Fill();
        var all = new StringWriter();
        foreach (var format in Formats)
        {
            var cli = new Support.Cli(fleet.Url) { Clock = Support.Cli.Noon() };
            (await cli.Run([.. line.Split(' '), "-o", format])).ShouldBe(0, cli.Error);
            all.Write($"### fleet {line} -o {format}\n{cli.Out}\n");
            cli.Out.ShouldNotContain('\e');
        }

        Golden.MustBe($"{name}.txt", all.ToString());
    }

    [Fact]
    public async Task Colours_come_on_a_terminal_unless_they_are_not_wanted()
    {
        Fill();
        var coloured = new Support.Cli(fleet.Url) { IsTerminal = true };
        await coloured.Run("job", "ls");
        coloured.Out.ShouldContain("\e[32msucceeded");
        var plain = new Support.Cli(fleet.Url) { IsTerminal = true };
        plain.Variables["NO_COLOR"] = "1";
        await plain.Run("job", "ls");
        plain.Out.ShouldNotContain('\e');
        var forced = new Support.Cli(fleet.Url);
        forced.Variables["CLICOLOR_FORCE"] = "1";
        await forced.Run("job", "ls");
        forced.Out.ShouldContain("\e[32msucceeded");
    }

    [Theory]
    [InlineData("table")]
    [InlineData("wide")]
    [InlineData("json")]
    [InlineData("jsonl")]
    [InlineData("yaml")]
    public async Task What_others_wrote_reaches_no_terminal_as_a_command(string format)
    {
        fleet.Clear();
        const string Evil = "\e]0;owned\a\e[2J\u009b31m\u202egnp.exe";
        fleet.On("GET /v1/jobs", Samples.Page(Samples.Job("failed", 1, Evil, error: new { code = Evil, message = Evil }, agent: Evil)));
        var cli = new Support.Cli(fleet.Url) { IsTerminal = true };
        cli.Variables["NO_COLOR"] = "1";
        (await cli.Run("job", "ls", "-o", format)).ShouldBe(0);
        cli.Out.ShouldContain("owned");
        foreach (var bad in "\e\a\u009b\u202e")
            cli.Out.ShouldNotContain(bad);
    }

    [Fact]
    public async Task Lists_go_over_pages_as_far_as_is_wanted()
    {
        fleet.Clear();
        var pages = 0;
        fleet.On("GET /v1/jobs", context => FakeFleet.Write(
            context, 200, new { items = new[] { Samples.Job(id: $"job-{++pages}-a"), Samples.Job(id: $"job-{pages}-b") }, next = $"cursor{pages}" }));
        var cli = new Support.Cli(fleet.Url);
        await cli.Run("job", "ls", "--limit", "3", "-o", "name");
        cli.Out.ShouldBe("job-1-a\njob-1-b\njob-2-a\n");
        fleet.Requests.Last().Query.ShouldBe("?limit=3&cursor=cursor1");
    }

    [Fact]
    public async Task Conditions_reach_the_fleet_as_they_were_written()
    {
        Fill();
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("job", "ls", "exit!=0 label.env=\"a b\"", "--state", "failed", "-l", "team=x&y", "--on", "worker-1")).ShouldBe(0);
        fleet.Requests.Last().Query.ShouldBe(
            "?filter=exit%21%3D0%20label.env%3D%22a%20b%22&state=failed&agent=worker-1&limit=50&label=team%3Dx%26y");
        fleet.Requests.Last().Authorization.ShouldBe("Bearer " + FakeFleet.Key);
    }

    private void Fill()
    {
        fleet.Clear();
        fleet.On("GET /v1/jobs", Samples.Page(
            Samples.Job("running", null, id: "01JT0000000000000000000002"),
            Samples.Job("failed", 3, "a longer name, with\ttab", error: new { code = "exit_code", message = "It ended with 3." }),
            Samples.Job("queued", null, null),
            Samples.Job()));
        fleet.On($"GET /v1/jobs/{Samples.JobId}", Samples.Job());
        fleet.On($"GET /v1/jobs/{Samples.JobId}/explain", new
        {
            job_id = Samples.JobId,
            state = "queued",
            position = 4,
            estimated_start = Samples.At(12, 5),
            reasons = new[] { new { code = "slots_busy", message = "All slots of 2 agents are busy.", agents = new[] { "worker-1" }, count = 2 } },
        });
        fleet.On("GET /v1/agents", Samples.Page(Samples.Agent(), Samples.Agent("worker-2", "offline")));
        fleet.On("GET /v1/agents/worker-1", Samples.Agent());
        fleet.On("GET /v1/agents/worker-2", Samples.Agent("worker-2", "offline"));
        fleet.On("GET /v1/schedules", Samples.Page(Samples.Schedule()));
        fleet.On("GET /v1/schedules/01JT00000000000000000000S1/occurrences", Samples.Page(Samples.Occurrence()));
        fleet.On("GET /v1/api-keys", Samples.Page(Samples.ApiKey()));
        fleet.On("POST /v1/api-keys", Samples.ApiKey("fk_secret"), 201);
        fleet.On("GET /v1/audit", Samples.Page(new
        {
            audit_id = "01JT00000000000000000000A1",
            at = Samples.At(11, 0),
            who = "reader",
            action = "job.submit",
            objects = new[] { Samples.JobId },
            method = "POST",
            route = "/v1/jobs",
            path = "/v1/jobs",
            address = "127.0.0.1",
            status = 403,
            code = "forbidden",
            count = 1,
            tenant = "default",
            trace_id = "t1",
        }));
    }
}
