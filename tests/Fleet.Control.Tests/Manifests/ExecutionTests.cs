using System.Net.Http.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Manifests;

public sealed class ExecutionTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>
{
    [Fact]
    public async Task An_execution_is_a_job_on_each_agent_and_its_counts_say_what_became_of_them()
    {
        await using var one = await fleet.Agent();
        await using var two = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello);
        var execution = await Create(new { manifest = "hello", target = new { agents = new[] { one.Name, two.Name, one.Name } } });
        (await fleet.Counts(execution)).ShouldBe("2 0 0 0 0");

        var first = await ManifestFleet.Begin(one);
        var spec = SpecJson.Read<CommandSpec>(first.SpecJson);
        (spec.Shell, spec.Env!["FLEET_PARAM_WHO"]).ShouldBe(("sh", "world"));
        spec.Script.ShouldBe("echo \"hello $FLEET_PARAM_WHO\"   # to whom?\n");
        await fleet.Until(execution, "1 1 0 0 0");
        await ManifestFleet.End(one, first, 0, "hello world\n");
        var second = await ManifestFleet.Begin(two);
        await ManifestFleet.End(two, second, 3, "", "no \u00e4cho");
        await fleet.Until(execution, "0 0 1 1 0");
        (await fleet.State(execution)).ShouldBe("completed");

        var results = (await fleet.Get($"/v1/results?execution={execution}")).GetProperty("items").EnumerateArray().ToList();
        results.Select(row => (row.GetProperty("agent").GetString(), row.GetProperty("exit_code").GetInt32()))
            .ShouldBe([(two.Name, 3), (one.Name, 0)]);
        results[0].GetProperty("stderr").GetString().ShouldBe("no \u00e4cho");
        results[1].GetProperty("stdout").GetString().ShouldBe("hello world\n");
    }

    [Fact]
    public async Task A_filter_chooses_by_patterns_and_an_empty_one_chooses_nobody()
    {
        await using var web = await fleet.Agent("web-1");
        await using var db = await fleet.Agent("db-1");
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "filtered"));
        (await Meant("agent:web-*")).ShouldBe(["web-1"]);
        (await Meant("agent:web-1,db-* -agent:db-*")).ShouldBe(["web-1"]);
        (await Meant("agent:web-*,db-* label.agent:d*")).ShouldBe(["db-1"]);
        foreach (var wrong in (string[])["", "  ", "agent~web"])
        {
            using var refused = await fleet.Http.PostAsJsonAsync(
                "/v1/executions?dry_run=true", new { manifest = "filtered", target = new { filter = wrong } });
            (await refused.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty("target.filter", out _).ShouldBeTrue(wrong);
        }

        async Task<string[]> Meant(string filter)
        {
            using var answer = await fleet.Http.PostAsJsonAsync(
                "/v1/executions?dry_run=true", new { manifest = "filtered", target = new { filter } });
            return [.. (await answer.Json(200)).GetProperty("waves").EnumerateArray()
                .SelectMany(wave => wave.GetProperty("agents").EnumerateArray()).Select(agent => agent.GetString()!)];
        }
    }

    [Fact]
    public async Task Of_a_long_output_the_beginning_is_the_result_and_what_is_no_text_harms_nothing()
    {
        await using var agent = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "long"));
        await Create(new { manifest = "long", target = new { agents = new[] { agent.Name } } });
        var run = await ManifestFleet.Begin(agent);
        for (var part = 0; part < 3; part++)
        {
            await agent.Deliver(new AttemptReport(run.WorkId, JobKinds.Command, run.Attempt, Output:
            [
                new OutputChunk("stdout", [.. Enumerable.Repeat((byte)('a' + part), 600_000)]), new OutputChunk("stderr", [0xff, 0, (byte)'x']),
            ]));
        }

        await ManifestFleet.End(agent, run, 0, "last words");
        await Eventually.True(
            async () => (await fleet.Get("/v1/results?manifest=^long$&status=success")).GetProperty("items").GetArrayLength() == 1, "it is over");
        var result = (await fleet.Get("/v1/results?manifest=^long$")).GetProperty("items")[0];
        result.GetProperty("stdout").GetString()!.ShouldBe(new string('a', 600_000) + new string('b', (1024 * 1024) - 600_000));
        (result.GetProperty("stdout_truncated").GetBoolean(), result.GetProperty("stderr_truncated").GetBoolean()).ShouldBe((true, false));
        result.GetProperty("stderr").GetString().ShouldBe(string.Concat(Enumerable.Repeat("\u00ff\\000x", 3)));
    }

    private async Task<string> Create(object wanted) =>
        (await fleet.Tell("/v1/executions", 202, wanted)).GetProperty("execution_id").GetString()!;
}
