using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary>What callers learn from the exit code, and people from the error.</summary>
public sealed class ExitCodeTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    [Theory]
    [InlineData(400, "invalid_field", 2)]
    [InlineData(401, "unauthorized", 4)]
    [InlineData(403, "forbidden", 4)]
    [InlineData(404, "not_found", 3)]
    [InlineData(409, "not_finished", 1)]
    [InlineData(500, "internal", 1)]
    public async Task A_no_of_the_fleet_has_a_code_and_its_sentence(int status, string code, int exit)
    {
        fleet.Clear();
        fleet.Refuses("GET /v1/jobs/x", status, code, "A sentence of the fleet.", new Dictionary<string, string[]> { ["a.b"] = ["This is wrong."] });
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("job", "show", "x")).ShouldBe(exit);
        cli.Error.ShouldStartWith("fleet: A sentence of the fleet.\n       a.b: This is wrong.\n");
        cli.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fleet_that_is_not_there_has_a_code_of_its_own()
    {
        var cli = new Support.Cli(new Uri("http://127.0.0.1:1"));
        (await cli.Run("agent", "ls")).ShouldBe(7);
        cli.Error.ShouldContain("No fleet answers at http://127.0.0.1:1");
        cli.Error.ShouldContain("fleet config show");
    }

    [Fact]
    public async Task An_answer_that_is_not_Fleets_is_said_to_be_none()
    {
        fleet.Clear();
        fleet.On("GET /v1/agents", "<html>");
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("agent", "ls")).ShouldBe(1);
        cli.Error.ShouldContain("is not Fleet's");
    }

    [Fact]
    public async Task Without_a_fleet_the_error_says_how_to_get_one()
    {
        var cli = new Support.Cli(null);
        (await cli.Run("job", "ls")).ShouldBe(1);
        cli.Error.ShouldBe("fleet: No fleet is known here.\n       Log in to one (fleet login URL), or set FLEET_URL and FLEET_KEY.\n");
    }

    [Theory]
    [InlineData("succeeded", 0)]
    [InlineData("failed", 5)]
    [InlineData("running", 6)]
    public async Task Waiting_ends_with_what_became_of_the_job(string state, int exit)
    {
        fleet.Clear();
        fleet.On($"GET /v1/jobs/{Samples.JobId}", Samples.Job(state));
        (await new Support.Cli(fleet.Url).Run("job", "wait", Samples.JobId, "--timeout", "1s")).ShouldBe(exit);
        fleet.Requests.First().Query.ShouldStartWith("?wait=");
    }

    [Theory]
    [InlineData("job cancel " + Samples.JobId)]
    [InlineData("agent revoke worker-1")]
    [InlineData("key revoke k1")]
    [InlineData("schedule rm nightly")]
    [InlineData("bulk cancel state:queued")]
    public async Task Nothing_is_destroyed_where_nobody_can_be_asked(string line)
    {
        fleet.Clear();
        fleet.On("GET /v1/schedules", Samples.Page(Samples.Schedule()));
        fleet.On("POST /v1/jobs/bulk", new { action = "cancel", filter = "state:queued", count = 3, is_exact = true, states = new { queued = 3 }, sample = Array.Empty<object>() });
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run(line.Split(' '))).ShouldBe(2);
        cli.Error.ShouldContain("--yes does it without a question.");
        fleet.Requests.ShouldAllBe(asked => asked.Route.StartsWith("GET", StringComparison.Ordinal) || asked.Body.Contains("\"dry_run\":true"));
    }

    [Theory]
    [InlineData("y\n", 0, 1)]
    [InlineData("\n", 1, 0)]
    public async Task At_a_terminal_a_question_comes_first(string answer, int exit, int changes)
    {
        fleet.Clear();
        fleet.On("POST /v1/agents/worker-1/revocation", Samples.Agent(state: "revoked"));
        var cli = new Support.Cli(fleet.Url) { IsTerminal = true, Input = answer };
        (await cli.Run("agent", "revoke", "worker-1")).ShouldBe(exit);
        cli.Error.ShouldContain("Cut off worker-1 for good? [y/N] ");
        fleet.Requests.Count.ShouldBe(changes);
    }
}
