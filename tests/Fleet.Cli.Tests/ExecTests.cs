using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary>A manifest on many agents, from the command line.</summary>
public sealed class ExecTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    private const string Id = "01JT00000000000000000000E1";

    [Fact]
    public async Task It_is_foreseen_confirmed_and_followed_to_its_end()
    {
        Fill(confirm: "t0ken", failed: 0);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run(
            "exec", "disk-report", "--group", "web", "-l", "env=prod", "-p", "mount=/var", "-p", "depth=3", "-p", "deep=true",
            "--wave", "2", "--wave", "20%", "--wave", "canary", "--max-failures", "1", "--yes", "-o", "name")).ShouldBe(0, cli.Error);
        cli.Out.ShouldBe($"{Id}\n");
        var asked = fleet.Requests.Last(one => one.Route == "POST /v1/executions");
        asked.Body.ShouldBe(
            """{"manifest":"disk-report","target":{"groups":["web"],"labels":{"env":"prod"}},"""
            + """ "parameters":{"mount":"/var","depth":3,"deep":true},"""[1..]
            + """ "waves":[{"hosts":2},{"share":0.2},{"group":"canary"}],"brakes":{"max_failures":1},"confirm":"t0ken"}"""[1..]);
    }

    [Fact]
    public async Task Failures_are_its_exit_code()
    {
        Fill(confirm: null, failed: 1);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("exec", "disk-report", "--all", "-o", "json")).ShouldBe(5, cli.Error);
        cli.Out.ShouldContain("\"failed\": 1");
        var detached = new Support.Cli(fleet.Url);
        (await detached.Run("exec", "disk-report", "--all", "--detach", "-o", "name")).ShouldBe(0, detached.Error);
    }

    [Fact]
    public async Task A_dry_run_says_who_is_meant_and_who_is_not()
    {
        Fill(confirm: "t0ken", failed: 0);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("exec", "disk-report", "--on", "worker-1", "--dry-run")).ShouldBe(0, cli.Error);
        cli.Out.ShouldBe("AGENT     WAVE  LEFT OUT\nworker-1  1     -\nworker-2  -     not_meant\n");
        fleet.Requests.Count(one => one.Route == "POST /v1/executions").ShouldBe(1, "nothing was begun");
    }

    [Theory]
    [InlineData("exec disk-report", "Say on which agents")]
    [InlineData("exec disk-report --all -p depth=deep", "depth is of the type integer")]
    [InlineData("exec disk-report --all --offline never", "never")]
    [InlineData("execution", "fleet execution needs one of: ls, show")]
    public async Task What_cannot_be_meant_is_refused(string line, string words)
    {
        Fill(confirm: null, failed: 0);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run(line.Split(' '))).ShouldBe(2);
        cli.Error.ShouldContain(words);
    }

    [Fact]
    public async Task Many_agents_need_a_yes()
    {
        Fill(confirm: "t0ken", failed: 0);
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("exec", "disk-report", "--all")).ShouldBe(2);
        cli.Error.ShouldContain("nobody can be asked here");
        fleet.Requests.Count(one => one.Route == "POST /v1/executions").ShouldBe(1, "nothing was begun");
    }

    private void Fill(string? confirm, int failed)
    {
        fleet.Clear();
        fleet.On("GET /v1/manifests/disk-report", new
        {
            name = "disk-report",
            version = "1.4.0",
            revision = 2,
            tags = Array.Empty<string>(),
            parameters = new[] { Parameter("mount", "string"), Parameter("depth", "integer"), Parameter("deep", "boolean") },
            format = "yaml",
            sha256 = "00",
            created_at = Samples.At(8, 0),
            updated_at = Samples.At(8, 0),
            updated_by = "admin",
        });
        fleet.On("POST /v1/executions", context => context.Request.Query["dry_run"] == "true"
            ? FakeFleet.Write(context, 200, new
            {
                manifest = "disk-report",
                version = "1.4.0",
                revision = 2,
                total = 1,
                waves = new[] { new { delay_s = 0, agents = new[] { "worker-1" } } },
                left_out = new[] { new { agent = "worker-2", reason = "not_meant" } },
                needs_approval = false,
                confirm,
            })
            : FakeFleet.Write(context, 202, Execution("running", 0)));
        fleet.On($"GET /v1/executions/{Id}", Execution("completed", failed));
    }

    private static object Parameter(string name, string type) =>
        new { name, type, choices = Array.Empty<string>(), required = false, variable = $"FLEET_PARAM_{name.ToUpperInvariant()}" };

    private static object Execution(string state, int failed) => new
    {
        execution_id = Id,
        manifest = "disk-report",
        version = "1.4.0",
        revision = 2,
        state,
        by = "admin",
        created_at = Samples.At(11, 0),
        waves = 1,
        wave = 1,
        counts = new { total = 1, pending = 0, running = 0, ok = 1 - failed, failed, skipped = 0 },
    };
}
