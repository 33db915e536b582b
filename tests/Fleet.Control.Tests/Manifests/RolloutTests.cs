using System.Net.Http.Json;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Manifests;

public sealed class RolloutTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>
{
    [Fact]
    public async Task Brakes_stop_before_the_wave_after_too_many_failures_and_resuming_goes_on()
    {
        await using var one = await fleet.Agent();
        await using var two = await fleet.Agent();
        await using var three = await fleet.Agent();
        var names = ((string[])[one.Name, two.Name, three.Name]).Order(StringComparer.Ordinal).ToArray();
        var agents = new[] { one, two, three }.ToDictionary(agent => agent.Name);
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "braked"));
        var execution = await Create(new
        {
            manifest = "braked",
            target = new { agents = names },
            waves = new object[] { new { hosts = 1 }, new { hosts = 1 }, new { hosts = 1 } },
            brakes = new { max_failures = 0 },
        });
        await ManifestFleet.End(agents[names[0]], await ManifestFleet.Begin(agents[names[0]]));
        await ManifestFleet.End(agents[names[1]], await ManifestFleet.Begin(agents[names[1]]), 1);
        await Eventually.True(async () => await fleet.State(execution) == "paused", "the brakes stop it");
        (await fleet.Counts(execution)).ShouldBe("1 0 1 1 0");
        (await fleet.Get($"/v1/executions/{execution}")).GetProperty("reason").GetString()!.ShouldStartWith("brakes:");
        agents[names[2]].Runs.ShouldBeEmpty();

        await fleet.Tell($"/v1/executions/{execution}/resume", 200);
        await ManifestFleet.End(agents[names[2]], await ManifestFleet.Begin(agents[names[2]]));
        await fleet.Until(execution, "0 0 2 1 0");
        (await fleet.State(execution)).ShouldBe("completed");

        var again = await fleet.Tell($"/v1/executions/{execution}/rerun", 202);
        again.GetProperty("counts").GetProperty("total").GetInt32().ShouldBe(1);
        await ManifestFleet.End(agents[names[1]], await ManifestFleet.Begin(agents[names[1]]));
        await fleet.Until(again.GetProperty("execution_id").GetString()!, "0 0 1 0 0");
    }

    [Fact]
    public async Task What_is_aborted_or_revoked_never_begins_on_agents_that_were_off()
    {
        await using var on = await fleet.Agent();
        var off = await Away();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "revoked"));
        var aborted = await Create(new { manifest = "revoked", target = new { agents = new[] { on.Name, off } } });
        var run = await ManifestFleet.Begin(on);
        await fleet.Until(aborted, "1 1 0 0 0");
        await fleet.Tell($"/v1/executions/{aborted}/cancellation", 202);
        await fleet.Until(aborted, "0 1 0 0 1");
        await ManifestFleet.End(on, run, 143);
        await fleet.Until(aborted, "0 0 0 1 1");
        (await fleet.State(aborted)).ShouldBe("aborted");

        var waiting = await Create(new { manifest = "revoked", target = new { agents = new[] { off } } });
        using (var revoked = await fleet.Http.PostAsync("/v1/manifests/revoked/revocation", null))
            ((int)revoked.StatusCode).ShouldBe(204);
        await fleet.Until(waiting, "0 0 0 0 1");
        using (var refused = await fleet.Http.PostAsJsonAsync("/v1/executions", new { manifest = "revoked", target = new { all = true } }))
            await refused.Problem(409, "revoked");
        await using var back = await fleet.Agent(off);
        await back.Beat();
        back.Runs.Where(run => run.Session == back.Session).ShouldBeEmpty(); // it is told nothing that it would begin
    }

    [Fact]
    public async Task A_dry_run_lists_who_is_reached_and_why_others_are_not_and_gives_the_token_for_many()
    {
        var agents = new List<TestAgent>();
        for (var i = 0; i < 4; i++)
            agents.Add(await fleet.Agent(pool: "dry"));
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "dry"));
        var wanted = new { manifest = "dry", target = new { labels = new { pool = "dry" }, agents = new[] { "no-such-agent" } } };
        var seen = await fleet.Tell("/v1/executions?dry_run=true", 200, wanted);
        seen.GetProperty("total").GetInt32().ShouldBe(4);
        seen.GetProperty("waves")[0].GetProperty("agents").EnumerateArray().Select(name => name.GetString())
            .ShouldBe(agents.Select(agent => agent.Name), ignoreOrder: true);
        seen.GetProperty("left_out").EnumerateArray().Select(one => (one.GetProperty("agent").GetString(), one.GetProperty("reason").GetString()))
            .ShouldContain(("no-such-agent", "unknown"));
        using (var refused = await fleet.Http.PostAsJsonAsync("/v1/executions", wanted))
            await refused.Problem(409, "confirmation_needed");
        using (var forged = await fleet.Http.PostAsJsonAsync("/v1/executions", new { wanted.manifest, wanted.target, confirm = "AAAA" }))
            await forged.Problem(409, "confirmation_needed");
        var confirm = seen.GetProperty("confirm").GetString();
        var execution = await Create(new { wanted.manifest, wanted.target, confirm });
        (await fleet.Counts(execution)).ShouldBe("4 0 0 0 0");
        await fleet.Tell($"/v1/executions/{execution}/cancellation", 202);
        await fleet.Until(execution, "0 0 0 0 4");
        foreach (var agent in agents)
            await agent.DisposeAsync();
    }

    [Fact]
    public async Task An_execution_waits_for_the_yes_of_another_key_where_its_manifest_says_so()
    {
        await using var agent = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("id: hello", "id: careful\nrequire_approval: true"));
        var execution = await Create(new { manifest = "careful", target = new { agents = new[] { agent.Name } } });
        (await fleet.State(execution)).ShouldBe("awaiting_approval");
        using (var own = await fleet.Http.PostAsync($"/v1/executions/{execution}/approval", null))
            await own.Problem(403, "forbidden");
        using var other = await fleet.WithScopes("jobs:read", "jobs:update");
        (await fleet.Tell($"/v1/executions/{execution}/approval", 200, by: other)).GetProperty("approved_by").GetString().ShouldBe("test");
        await ManifestFleet.End(agent, await ManifestFleet.Begin(agent));
        await fleet.Until(execution, "0 0 1 0 0");
    }

    [Fact]
    public async Task Waves_keep_their_distance_to_a_late_approval_and_to_a_late_resumption()
    {
        await using var one = await fleet.Agent();
        await using var two = await fleet.Agent();
        await using var three = await fleet.Agent();
        var names = ((string[])[one.Name, two.Name, three.Name]).Order(StringComparer.Ordinal).ToArray();
        await fleet.Post(ManifestFleet.Hello.Replace("id: hello", "id: distant\nrequire_approval: true"));
        var execution = await Create(new
        {
            manifest = "distant",
            target = new { agents = names },
            waves = new object[] { new { hosts = 1 }, new { hosts = 1, delay_s = 600 }, new { hosts = 1, delay_s = 900 } },
        });
        var hourAgo = "update executions set created_at = created_at - interval '1 hour', began_at = began_at - interval '1 hour', "
            + $"wave_at = wave_at - interval '1 hour' where id = '{Id(execution)}'";
        await fleet.House.Do(hourAgo);
        using var other = await fleet.WithScopes("jobs:read", "jobs:update");
        await fleet.Tell($"/v1/executions/{execution}/approval", 200, by: other);
        await Eventually.True(async () => await Wave(execution) == 1, "the first wave begins");
        var shown = await fleet.Get($"/v1/executions/{execution}");
        (shown.GetProperty("wave_at").GetDateTimeOffset() - shown.GetProperty("created_at").GetDateTimeOffset())
            .ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3600 + 600));

        await fleet.Tell($"/v1/executions/{execution}/pause", 200);
        await fleet.House.Do(hourAgo);
        await fleet.Tell($"/v1/executions/{execution}/resume", 200);
        await Eventually.True(async () => await Wave(execution) == 2, "the second wave begins, since its time is over");
        (await fleet.House.Ask<bool>("select wave_at > now() + interval '200 s' from executions where id = $1", Id(execution)))
            .ShouldBeTrue(); // 300 s lie between the second and the third
    }

    [Fact]
    public async Task Repetitions_change_nothing_and_who_watches_sees_the_end()
    {
        await using var agent = await fleet.Agent();
        await fleet.Post(ManifestFleet.Hello.Replace("hello", "repeated"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/executions")
        {
            Content = JsonContent.Create(new { manifest = "repeated", target = new { agents = new[] { agent.Name } } }),
            Headers = { { "Idempotency-Key", "once" } },
        };
        using var first = await fleet.Http.SendAsync(request);
        var execution = (await first.Json(202)).GetProperty("execution_id").GetString()!;
        using var copy = new HttpRequestMessage(HttpMethod.Post, "/v1/executions")
        {
            Content = JsonContent.Create(new { manifest = "repeated", target = new { agents = new[] { agent.Name } } }),
            Headers = { { "Idempotency-Key", "once" } },
        };
        using var second = await fleet.Http.SendAsync(copy);
        (await second.Json(202)).GetProperty("execution_id").GetString().ShouldBe(execution);
        var watching = fleet.Http.GetStringAsync($"/v1/executions/{execution}/events");
        var run = await ManifestFleet.Begin(agent);
        await ManifestFleet.End(agent, run, 0, "x");
        await ManifestFleet.End(agent, run, 1, "late"); // told again, otherwise
        await fleet.Until(execution, "0 0 1 0 0");
        var events = await watching;
        events.ShouldStartWith("retry: 2000\n\n");
        events.ShouldContain("event: progress\n");
        events.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1].ShouldContain("event: end\n");
        (await fleet.Get("/v1/results?manifest=^repeated$")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"target":{"all":true}}""", "manifest")]
    [InlineData("""{"manifest":"nothing","target":{"all":true}}""", "manifest")]
    [InlineData("""{"manifest":"hello"}""", "target")]
    [InlineData("""{"manifest":"hello","target":{}}""", "target")]
    [InlineData("""{"manifest":"hello","target":{"agents":["UPPER"]}}""", "target.agents[0]")]
    [InlineData("""{"manifest":"hello","target":{"all":true},"waves":[{"hosts":1,"share":0.5}]}""", "waves[0]")]
    [InlineData("""{"manifest":"hello","target":{"all":true},"waves":[null]}""", "waves[0]")]
    [InlineData("""{"manifest":"hello","target":{"all":true},"brakes":{"max_failure_share":2}}""", "brakes.max_failure_share")]
    [InlineData("""{"manifest":"hello","target":{"all":true},"priority":10}""", "priority")]
    [InlineData("""{"manifest":"hello","target":{"all":true},"offline":"never"}""", "offline")]
    [InlineData("""{"manifest":"hello","target":{"all":true},"deadline_at":"2001-01-01T00:00:00Z"}""", "deadline_at")]
    [InlineData("""{"manifest":"hello","target":{"all":true},"colour":"green"}""", "colour")]
    public async Task A_wrong_execution_is_refused_by_the_name_of_the_field(string body, string field)
    {
        using var answer = await fleet.Http.PostAsync(
            "/v1/executions", new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").EnumerateObject().Select(one => one.Name).ShouldContain(field);
    }

    private async Task<int> Wave(string execution) => (await fleet.Get($"/v1/executions/{execution}")).GetProperty("wave").GetInt32();

    private static Guid Id(string execution) =>
        Protocol.Ids.WireId.TryParse(execution, out var id) ? id : throw new ArgumentException(execution, nameof(execution));

    private async Task<string> Create(object wanted) =>
        (await fleet.Tell("/v1/executions", 202, wanted)).GetProperty("execution_id").GetString()!;

    /// <summary>An agent that was there once.</summary>
    private async Task<string> Away()
    {
        var agent = await fleet.Agent();
        await agent.DisposeAsync();
        await fleet.House.Do($"update agents set beat_at = now() - interval '1 hour', seen_at = now() - interval '1 hour' where name = '{agent.Name}'");
        return agent.Name;
    }
}
