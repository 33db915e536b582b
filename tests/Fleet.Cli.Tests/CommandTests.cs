using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary>What commands ask of the fleet, and what they make of the answers.</summary>
public sealed class CommandTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    private const string Job = $"GET /v1/jobs/{Samples.JobId}";

    [Fact]
    public async Task Logs_go_to_the_streams_that_they_come_from()
    {
        fleet.Clear();
        fleet.On(Job, Samples.Job());
        fleet.Streams($"{Job}/events", [Samples.Output("stdout", "out\n"), Samples.Output("stderr", "err\n"), Samples.End()]);
        var all = new Support.Cli(fleet.Url);
        (await all.Run("job", "logs", Samples.JobId)).ShouldBe(0);
        (all.Out, all.Error).ShouldBe(("out\n", "err\n"));
        var one = new Support.Cli(fleet.Url);
        await one.Run("job", "logs", Samples.JobId, "-f", "--stream", "stderr");
        (one.Out, one.Error).ShouldBe(("", "err\n"));
    }

    [Fact]
    public async Task Logs_of_a_job_that_runs_end_with_what_there_is()
    {
        fleet.Clear();
        fleet.On(Job, Samples.Job("running", null));
        fleet.On($"{Job}/log", context => context.Response.WriteAsync(context.Request.Query["stream"] + "\n"));
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("job", "logs", Samples.JobId)).ShouldBe(0);
        (cli.Out, cli.Error).ShouldBe(("stdout\n", "stderr\n"));
    }

    [Fact]
    public async Task Logs_bring_colours_to_a_terminal_and_nothing_else()
    {
        fleet.Clear();
        fleet.On(Job, Samples.Job());
        fleet.Streams($"{Job}/events", [Samples.Output("stdout", "\e[1;31mred\e"), Samples.Output("stdout", "[0m \e[2J\e]0;t\a\u009bm gr\u00fcn\r\n"), Samples.End()]);
        var cli = new Support.Cli(fleet.Url) { IsTerminal = true };
        await cli.Run("job", "logs", Samples.JobId);
        cli.Out.ShouldBe("\e[1;31mred\e[0m ␛[2J␛]0;t␇\ufffdm gr\u00fcn\r\n");
        var raw = new Support.Cli(fleet.Url) { IsTerminal = true };
        await raw.Run("job", "logs", Samples.JobId, "--raw");
        raw.Out.ShouldContain("\e[2J");
    }

    [Fact]
    public async Task Watching_tells_each_event_in_a_line()
    {
        fleet.Clear();
        fleet.Streams($"{Job}/events",
        [
            Samples.State(null, "queued"), ("progress", new { fraction = 0.4, text = "step \e 4" }), Samples.Output("stdout", "out\n"),
            ("labels", new { labels = new { a = "b" } }), Samples.End("failed", 3, new { code = "exit_code", message = "It ended with 3." }),
        ]);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("job", "watch", Samples.JobId)).ShouldBe(5);
        cli.Out.ShouldBe(
            "     1  queued on worker-1\n     2  40% step ␛ 4\n     3  stdout: out\n     4  labels {\"labels\":{\"a\":\"b\"}}\n"
            + "     5  failed (exit_code): It ended with 3\n");
        var lines = new Support.Cli(fleet.Url);
        await lines.Run("job", "watch", Samples.JobId, "-o", "jsonl");
        lines.Out.Split('\n')[2].ShouldBe("""{"seq":3,"type":"output","stream":"stdout","text":"out\n","attempt":1}""");
    }

    [Fact]
    public async Task A_chat_prints_the_answer_and_nothing_that_a_terminal_obeys()
    {
        fleet.Clear();
        var turn = new
        {
            turn_id = "t1",
            conversation_id = "c1",
            number = 1,
            state = "completed",
            text = "Hello?",
            answer = "Hello, \e[2Jyou!",
            used_tools = Array.Empty<string>(),
            attempt = 1,
            created_at = Samples.At(11, 0),
        };
        fleet.On("POST /v1/conversations", new { conversation_id = "c1", turns = 0, created_at = Samples.At(11, 0), changed_at = Samples.At(11, 0) }, 201);
        fleet.On("POST /v1/conversations/c1/turns", turn, 202);
        fleet.Streams("GET /v1/turns/t1/events",
            [("thinking", new { elapsed_seconds = 2, attempt = 1 }), ("delta", new { text = "Hello, ", attempt = 1 }), ("delta", new { text = "\e[2Jyou!", attempt = 1 }), ("end", turn)]);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("chat", "-m", "echo", "Hello?")).ShouldBe(0, cli.Error);
        cli.Out.ShouldBe("Hello, ␛[2Jyou!\n");
        fleet.Requests.First().Body.ShouldBe("""{"model":"echo"}""");
        fleet.Requests.ElementAt(1).Body.ShouldBe("""{"text":"Hello?"}""");
    }

    [Fact]
    public async Task Bulk_work_is_counted_before_it_is_done()
    {
        fleet.Clear();
        fleet.On("POST /v1/jobs/bulk", context => FakeFleet.Write(context, 200, fleet.Requests.Last().Json.GetProperty("dry_run").GetBoolean()
            ? new { action = "relabel", filter = "state:failed", count = 3, is_exact = true, states = new { failed = 3 }, sample = new[] { Samples.Job() } }
            : (object)new { bulk_id = "b1", action = "relabel", parameters = new { }, filter = "", state = "finished", seen = 3, done = 3, skipped = 0, failed = 0 }));
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("bulk", "relabel", "state:failed", "-l", "a=1", "-l", "b=", "--yes", "-o", "name")).ShouldBe(0, cli.Error);
        (cli.Out, cli.Error).ShouldBe(("b1\n", "3 jobs are meant: 3 failed.\n"));
        fleet.Requests.Last().Body.ShouldBe(
            """{"action":"relabel","filter":"state:failed","parameters":{"labels":{"a":"1","b":null}},"dry_run":false}""");
    }

    [Theory]
    [InlineData("fleet jo", "job")]
    [InlineData("fleet agent dr", "drain")]
    [InlineData("fleet agent drain wor", "worker-1")]
    [InlineData("fleet run --on wor", "worker-1")]
    [InlineData("fleet schedule run nigh", "nightly")]
    [InlineData("fleet job show 01J", Samples.JobId)]
    public async Task Completion_knows_commands_and_what_the_fleet_has(string line, string word)
    {
        fleet.Clear();
        fleet.On("GET /v1/agents", Samples.Page(Samples.Agent()));
        fleet.On("GET /v1/jobs", Samples.Page(Samples.Job()));
        fleet.On("GET /v1/schedules", Samples.Page(Samples.Schedule()));
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run($"[suggest:{line.Length}]", line)).ShouldBe(0);
        cli.Out.Split('\n').ShouldContain(word);
    }

    [Fact]
    public async Task Completion_without_a_fleet_is_silent()
    {
        var cli = new Support.Cli(null);
        const string Line = "fleet agent drain ";
        (await cli.Run($"[suggest:{Line.Length}]", Line)).ShouldBe(0);
        cli.Error.ShouldBeEmpty();
    }
}
