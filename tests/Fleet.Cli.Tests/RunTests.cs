using System.Text;
using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary><c>fleet run</c>: streams and exit code of a job as if it ran here.</summary>
public sealed class RunTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    private const string Submission = "POST /v1/jobs";
    private const string Events = "GET /v1/jobs/" + Samples.JobId + "/events";
    private const string Cancellation = "POST /v1/jobs/" + Samples.JobId + "/cancellation";

    [Fact]
    public async Task Output_arrives_apart_and_the_exit_code_is_the_jobs()
    {
        Begin(Samples.State(null, "queued"), Samples.Output("stdout", "out\n"), Samples.Output("stderr", "err\n"), Samples.End("failed", 7, ExitCode()));
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("run", "--", "sh", "-c", "exit 7")).ShouldBe(7);
        (cli.Out, cli.Error).ShouldBe(("out\n", "err\n"));
    }

    [Fact]
    public async Task What_is_said_of_a_job_reaches_the_fleet()
    {
        Begin(Samples.End());
        var cli = new Support.Cli(fleet.Url) { Input = "the input" };
        var code = await cli.Run(
            "run", "--on", "worker-2", "--where", "site=here", "--name", "n", "--label", "a=1", "--label", "b=2=3", "--timeout", "90s", "-e", "X=y z",
            "--cwd", "/tmp", "--priority", "9", "--attempts", "3", "--stdin", "--", "echo", "@file", "--on", "-e");
        code.ShouldBe(0, cli.Error);
        fleet.Requests.First().Body.ShouldBe(
            """{"kind":"command","command":{"program":"echo","args":["@file","--on","-e"],"env":{"X":"y z"},"cwd":"/tmp","stdin":"the input"}"""
            + ""","name":"n","labels":{"a":"1","b":"2=3"},"priority":9,"max_attempts":3,"timeout_s":90"""
            + ""","target":{"agent":"worker-2","labels":{"site":"here"}}}""");
    }

    [Fact]
    public async Task The_words_of_a_command_need_no_dashes_in_front()
    {
        Begin(Samples.End());
        (await new Support.Cli(fleet.Url).Run("run", "ls", "-l", "--help")).ShouldBe(0);
        fleet.Requests.First().Body.ShouldBe("""{"kind":"command","command":{"program":"ls","args":["-l","--help"]}}""");
    }

    [Theory]
    [InlineData("cancelled", null, "was cancelled")]
    [InlineData("expired", null, "expired before it ran")]
    [InlineData("failed", null, "failed (agent_lost): The agent is gone")]
    [InlineData("failed", 0, "failed (agent_lost): The agent is gone")]
    public async Task A_job_without_an_exit_code_of_its_own_ends_with_5(string state, int? code, string sentence)
    {
        Begin(Samples.End(state, code, state == "failed" ? new { code = "agent_lost", message = "The agent is gone." } : null));
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("run", "--", "true")).ShouldBe(5);
        cli.Error.ShouldContain(sentence);
        cli.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lost_connection_is_taken_up_behind_the_last_event()
    {
        (string, object?)[] lines = [.. Enumerable.Range(1, 20).Select(line => Samples.Output("stdout", $"line {line}\n")), Samples.End()];
        fleet.Clear();
        fleet.On(Submission, Samples.Job("queued", null), 202);
        fleet.Streams(Events, lines, atOnce: 6);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("run", "--", "seq", "20")).ShouldBe(0, cli.Error);
        cli.Out.ShouldBe(string.Concat(Enumerable.Range(1, 20).Select(line => $"line {line}\n")));
        fleet.Requests.Where(asked => asked.Route == Events).Select(asked => asked.LastEventId).ShouldBe([null, "6", "12", "18"]);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_opened_again()
    {
        var connections = 0;
        Begin(Samples.End());
        fleet.On(Events, async context =>
        {
            if (++connections <= 2)
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync(": begun\n\n");
                context.Abort();
                return;
            }

            context.Response.ContentType = "text/event-stream";
            var end = System.Text.Json.JsonSerializer.Serialize(Samples.Job("failed", 4, error: ExitCode()));
            await context.Response.WriteAsync($"id: 1\nevent: end\ndata: {end}\n\n");
        });
        (await new Support.Cli(fleet.Url).Run("run", "--", "true")).ShouldBe(4);
        connections.ShouldBe(3);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_arrive_as_they_are()
    {
        Begin(
            ("output", new { stream = "stdout", text = "\ufffd\ufffd", bytes = Convert.ToBase64String([0xff, 0x00]), attempt = 1 }),
            Samples.Output("stdout", "\e[31mred\r"),
            Samples.End());
        var cli = new Support.Cli(fleet.Url) { IsTerminal = true };
        await cli.Run("run", "--", "cat");
        cli.OutBytes.ShouldBe([0xff, 0x00, .. Encoding.UTF8.GetBytes("\e[31mred\r")]);
    }

    [Fact]
    public async Task A_submission_that_is_sent_again_has_the_same_key()
    {
        Begin(Samples.End());
        var tries = 0;
        fleet.On(Submission, context => ++tries < 3
            ? FakeFleet.Write(context, 503, new { code = "database_unavailable", detail = "Later." }, "application/problem+json")
            : FakeFleet.Write(context, 202, Samples.Job("queued", null)));
        (await new Support.Cli(fleet.Url).Run("run", "--", "true")).ShouldBe(0);
        var keys = fleet.Requests.Where(asked => asked.Route == Submission).Select(asked => asked.IdempotencyKey).ToList();
        keys.Count.ShouldBe(3);
        keys.Distinct().Count().ShouldBe(1);
        keys[0].ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Who_looks_is_told_once_why_a_job_waits()
    {
        var explained = 0;
        var clock = Support.Cli.Noon();
        Begin(Samples.End());
        fleet.On("GET /v1/jobs/" + Samples.JobId + "/explain", context =>
        {
            var begun = Interlocked.Increment(ref explained) == 3;
            return FakeFleet.Write(context, 200, new
            {
                job_id = Samples.JobId,
                state = begun ? "running" : "queued",
                reasons = begun ? [] : (object[])[new { code = "no_agent", message = "No agent has site=\u001b[2Jhere." }],
            });
        });
        var end = fleet.AnswerOf(Events);
        fleet.On(Events, async context =>
        {
            while (Volatile.Read(ref explained) < 3)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            await end(context);
        });
        var cli = new Support.Cli(fleet.Url) { IsTerminal = true, Clock = clock };
        (await cli.Run("run", "--", "true")).ShouldBe(0, cli.Error);
        cli.Error.Split('\n').Where(line => line.StartsWith("It waits", StringComparison.Ordinal)).ShouldBe(["It waits: No agent has site=␛[2Jhere."]);
    }

    [Fact]
    public async Task Detached_it_prints_the_id()
    {
        Begin(Samples.End());
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("run", "-d", "--", "true")).ShouldBe(0);
        cli.Out.ShouldBe(Samples.JobId + "\n");
        fleet.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_first_interrupt_asks_and_the_second_cancels()
    {
        var cancelled = new TaskCompletionSource();
        var watched = new TaskCompletionSource();
        fleet.Clear();
        fleet.On(Submission, Samples.Job("queued", null), 202);
        fleet.On(Cancellation, async context =>
        {
            await FakeFleet.Write(context, 202, Samples.Job("cancelling", null));
            cancelled.SetResult();
        });
        fleet.On(Events, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            watched.SetResult();
            await cancelled.Task.Within();
            await context.Response.WriteAsync($"id: 1\nevent: end\ndata: {System.Text.Json.JsonSerializer.Serialize(Samples.Job("cancelled", null))}\n\n");
        });
        var cli = new Support.Cli(fleet.Url);
        var running = cli.Run("run", "--", "sleep", "600");
        await watched.Task.Within();
        cli.Interrupts.Raise();
        cli.Error.ShouldContain("Ctrl-C again cancels it");
        fleet.Requests.ShouldNotContain(asked => asked.Route == Cancellation);
        cli.Interrupts.Raise();
        (await running).ShouldBe(130);
        fleet.Requests.ShouldContain(asked => asked.Route == Cancellation);
    }

    [Fact]
    public async Task A_request_to_end_leaves_the_job_alone()
    {
        var watched = new TaskCompletionSource();
        fleet.Clear();
        fleet.On(Submission, Samples.Job("queued", null), 202);
        fleet.On(Events, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            watched.SetResult();
            await Eventually.Silence(context.RequestAborted);
        });
        var cli = new Support.Cli(fleet.Url);
        var running = cli.Run("run", "--", "sleep", "600");
        await watched.Task.Within();
        cli.Interrupts.Raise(isControlC: false);
        (await running).ShouldBe(130);
        fleet.Requests.ShouldNotContain(asked => asked.Route == Cancellation);
    }

    private void Begin(params (string, object?)[] events)
    {
        fleet.Clear();
        fleet.On(Submission, Samples.Job("queued", null), 202);
        fleet.Streams(Events, events);
    }

    private static object ExitCode() => new { code = "exit_code", message = "It ended with 7." };
}
