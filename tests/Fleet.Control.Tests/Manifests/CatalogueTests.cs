using System.Net.Http.Json;
using System.Text;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Manifests;

public sealed class CatalogueTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>
{
    [Fact]
    public async Task Every_revision_stays_byte_for_byte_and_is_told_apart()
    {
        var first = ManifestFleet.Hello.Replace("hello", "kept");
        var second = first.Replace("timeout: 30s", "timeout: 60s");
        (await fleet.Post(first)).GetProperty("revision").GetInt32().ShouldBe(1);
        (await fleet.Post(first, 200)).GetProperty("revision").GetInt32().ShouldBe(1);
        (await fleet.Post(second)).GetProperty("revision").GetInt32().ShouldBe(2);
        (await fleet.Http.GetByteArrayAsync("/v1/manifests/kept/revisions/1/text")).ShouldBe(Encoding.UTF8.GetBytes(first));
        (await fleet.Http.GetByteArrayAsync("/v1/manifests/kept/text")).ShouldBe(Encoding.UTF8.GetBytes(second));
        (await fleet.Get("/v1/manifests/kept/revisions?limit=1")).GetProperty("items")[0].GetProperty("revision").GetInt32().ShouldBe(2);
        (await fleet.Get("/v1/manifests/kept/diff")).GetProperty("lines").EnumerateArray().Select(line => line.GetString()!)
            .Where(line => line[0] != ' ').ShouldBe(["-  timeout: 30s", "+  timeout: 60s"]);
        var parameter = (await fleet.Get("/v1/manifests/kept")).GetProperty("parameters")[0];
        parameter.GetProperty("variable").GetString().ShouldBe("FLEET_PARAM_WHO");
        using (var gone = await fleet.Http.DeleteAsync("/v1/manifests/kept"))
            ((int)gone.StatusCode).ShouldBe(204);
        using (var unknown = await fleet.Http.GetAsync("/v1/manifests/kept"))
            await unknown.Problem(404, "not_found");
        (await fleet.Post(first)).GetProperty("revision").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task What_was_deleted_and_is_posted_again_runs_unless_it_was_revoked_before()
    {
        await using var agent = await fleet.Agent();
        var wanted = new { manifest = "back", target = new { agents = new[] { agent.Name } } };
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "back"));
        await Delete();
        (await fleet.Get("/v1/manifests/revocations")).GetRawText().ShouldContain("\"back\"");
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "back"));
        await fleet.Tell("/v1/executions", 202, wanted);

        using (var revoked = await fleet.Http.PostAsync("/v1/manifests/back/revocation", null))
            ((int)revoked.StatusCode).ShouldBe(204);
        await Delete();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "back"));
        using var refused = await fleet.Http.PostAsJsonAsync("/v1/executions", wanted);
        await refused.Problem(409, "revoked");

        async Task Delete()
        {
            using var gone = await fleet.Http.DeleteAsync("/v1/manifests/back");
            ((int)gone.StatusCode).ShouldBe(204);
        }
    }

    [Fact]
    public async Task Stored_scripts_and_parameters_reach_the_agent_and_what_is_wrong_with_them_is_named()
    {
        await using var agent = await fleet.Agent();
        (await fleet.Send(HttpMethod.Put, "/v1/scripts/tool/1", "echo tool\n", 201, "text/plain")).GetProperty("bytes").GetInt32().ShouldBe(10);
        await fleet.Send(HttpMethod.Put, "/v1/scripts/tool/1", "echo tool\n", 201, "text/plain");
        using (var other = await fleet.Http.PutAsync("/v1/scripts/tool/1", new StringContent("echo other")))
            await other.Problem(409, "script_differs");
        await fleet.Post(
            """
            id: stored
            version: "1"
            execute: {shell: sh, timeout: 30s, script_object: tool/1, cwd: sub}
            parameters:
              - {name: count, type: integer, required: true}
              - {name: fast, type: boolean, default: false}
              - {name: mode, choices: [a, b]}
            """);
        object Wanted(object parameters) => new { manifest = "stored", target = new { agents = new[] { agent.Name } }, parameters };
        await fleet.Tell("/v1/executions", 202, Wanted(new { count = 3, mode = "b" }));
        var run = await agent.NextRun();
        var spec = SpecJson.Read<CommandSpec>(run.SpecJson);
        (spec.Script, spec.Cwd, run.TimeoutSeconds).ShouldBe(("echo tool\n", "sub", 30));
        spec.Env.ShouldBe(new Dictionary<string, string> { ["FLEET_PARAM_COUNT"] = "3", ["FLEET_PARAM_FAST"] = "false", ["FLEET_PARAM_MODE"] = "b" });
        foreach (var (parameters, field) in ((object, string)[])
        [
            (new { }, "parameters.count"), (new { count = "3" }, "parameters.count"), (new { count = 1.5 }, "parameters.count"),
            (new { count = 1, mode = "c" }, "parameters.mode"), (new { count = 1, odd = 1 }, "parameters.odd"), (new { count = 1, fast = "no" }, "parameters.fast"),
        ])
        {
            using var refused = await fleet.Http.PostAsJsonAsync("/v1/executions", Wanted(parameters));
            (await refused.Problem(400, "invalid_field")).GetProperty("errors").EnumerateObject().Single().Name.ShouldBe(field);
        }
    }

    [Fact]
    public async Task Groups_hold_agents_that_need_not_be_there_and_belong_to_a_tenant()
    {
        using (var put = await fleet.Http.PutAsJsonAsync("/v1/groups/canary", new { agents = new[] { "web-2", "web-1", "web-1" } }))
            (await put.Json(200)).GetProperty("agents").EnumerateArray().Select(name => name.GetString()).ShouldBe(["web-1", "web-2"]);
        (await fleet.Get("/v1/groups")).GetProperty("items").EnumerateArray().Select(group => group.GetProperty("name").GetString()).ShouldContain("canary");
        using (var wrong = await fleet.Http.PutAsJsonAsync("/v1/groups/canary", new { agents = new[] { "UPPER" } }))
            (await wrong.Problem(400, "invalid_field")).GetProperty("errors").EnumerateObject().Single().Name.ShouldBe("agents[0]");
        using (var without = await fleet.Http.PutAsJsonAsync("/v1/groups/canary", new { }))
            (await without.Problem(400, "invalid_field")).GetProperty("errors").EnumerateObject().Single().Name.ShouldBe("agents");
        using (var viewer = await fleet.WithScopes("agents:read"))
        using (var refused = await viewer.PutAsJsonAsync("/v1/groups/canary", new { agents = Array.Empty<string>() }))
            await refused.Problem(403, "forbidden");
        using (var gone = await fleet.Http.DeleteAsync("/v1/groups/canary"))
            ((int)gone.StatusCode).ShouldBe(204);
        using (var again = await fleet.Http.DeleteAsync("/v1/groups/canary"))
            await again.Problem(404, "not_found");
    }

    [Fact]
    public async Task What_does_not_begin_in_time_has_a_code_that_says_so()
    {
        var off = fleet.NewName();
        await using (await fleet.Agent(off))
        {
            // it was there, and goes
        }

        await Fleet.Control.Tests.Platform.Support.DatabaseAccess.Do(
            fleet.House, $"update agents set beat_at = now() - interval '1 hour', seen_at = now() - interval '1 hour' where name = '{off}'");
        await fleet.Post(ManifestFleet.Hello.Replace("id: hello", "id: late"));
        await fleet.Post(ManifestFleet.Hello.Replace("id: hello", "id: stale\nstaleness: {mode: strict, max_cache_age: 1s}"));
        await using var busy = await fleet.Agent();
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(2);
        await fleet.Tell("/v1/executions", 202, new { manifest = "late", target = new { agents = new[] { off } }, deadline_at = deadline });
        await fleet.Tell("/v1/executions", 202, new { manifest = "stale", target = new { agents = new[] { off } } });
        foreach (var (manifest, code) in ((string, int)[])[("late", 125), ("stale", 127)])
        {
            await Eventually.True(
                async () => (await fleet.Get($"/v1/results?manifest=^{manifest}$")).GetProperty("items").GetArrayLength() == 1, $"{manifest} is over");
            (await fleet.Get($"/v1/results?manifest=^{manifest}$")).GetProperty("items")[0].GetProperty("exit_code").GetInt32().ShouldBe(code);
        }
    }
}
