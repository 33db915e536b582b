using System.Net.Http.Json;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Agents;

public sealed class AgentTokenTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    [Fact]
    public async Task A_token_opens_only_its_own_agent()
    {
        await using var one = await fleet.Agent();
        await using var other = await fleet.Agent();
        using var foreign = await one.TryRegister(other.Name);
        await foreign.Problem(403, "forbidden");
        using var unknown = await one.TryRegister(fleet.NewName());
        await unknown.Problem(403, "forbidden");
        using var seen = await one.Http.GetAsync($"/v1/agents/{other.Name}");
        await seen.Problem(404, "not_found");
        using var rotated = await one.Http.PostAsync($"/v1/agents/{other.Name}/token", null);
        await rotated.Problem(403, "forbidden");
        using var own = await one.Http.GetAsync($"/v1/agents/{one.Name}");
        await own.Json(200);
    }

    [Fact]
    public async Task A_token_opens_nothing_that_clients_do()
    {
        await using var agent = await fleet.Agent();
        foreach (var path in (string[])["/v1/agents", "/v1/jobs", "/v1/api-keys", "/v1/whoami", "/v1/agents/enrolments"])
        {
            using var get = await agent.Http.GetAsync(path);
            await get.Problem(403, "forbidden");
        }

        foreach (var path in (string[])["/v1/jobs", "/v1/api-keys", "/v1/agents/enrolments", $"/v1/agents/{agent.Name}/drain"])
        {
            using var post = await agent.Http.PostAsJsonAsync(path, new { });
            await post.Problem(403, "forbidden");
        }
    }

    [Fact]
    public async Task No_key_takes_the_place_of_an_agents_token()
    {
        var name = fleet.NewName();
        await fleet.AgentToken(name);
        using var answer = await fleet.Http.PutAsJsonAsync($"/v1/agents/{name}", new { session = Guid.NewGuid() });
        await answer.Problem(403, "forbidden");
        using var scope = await fleet.Http.PostAsJsonAsync("/v1/api-keys", new { name = "x", scopes = new[] { "agents:run" } });
        (await scope.Problem(400, "invalid_field")).Sentence("scopes[0]").ShouldContain("agents:run");
    }

    [Fact]
    public async Task Artifacts_come_only_from_the_agent_that_the_token_belongs_to()
    {
        await using var one = await fleet.Agent();
        await using var other = await fleet.Agent();
        var id = await fleet.Submit(new { kind = "noop", target = new { agent = other.Name } });
        var run = await other.NextRun();
        async Task<HttpResponseMessage> Put(HttpClient http, string says)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Put, $"/v1/attempts/{id}/{run.Attempt}/artifacts/a.txt")
            { Content = new StringContent("x") };
            request.Headers.Add("Fleet-Agent", says);
            return await http.SendAsync(request);
        }

        using var forged = await Put(one.Http, other.Name);
        await forged.Problem(403, "forbidden");
        using var own = await Put(one.Http, one.Name);
        await own.Problem(409, "stale_attempt");
        using var key = await Put(fleet.Http, other.Name);
        await key.Problem(403, "forbidden");
        using var right = await Put(other.Http, other.Name);
        await right.Json(201);
    }

    [Fact]
    public async Task A_new_token_leaves_the_former_a_short_overlap()
    {
        await using var agent = await fleet.Agent();
        using var answer = await agent.Http.PostAsync($"/v1/agents/{agent.Name}/token", null);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var token = (await answer.Json(201)).GetProperty("agent_token").GetString();
        using var renewed = fleet.With(token);
        using (var first = await agent.Http.GetAsync($"/v1/agents/{agent.Name}"))
            await first.Json(200);
        using (var second = await renewed.GetAsync($"/v1/agents/{agent.Name}"))
            await second.Json(200);
        await Eventually.True(async () =>
        {
            using var former = await agent.Http.GetAsync($"/v1/agents/{agent.Name}");
            return (int)former.StatusCode == 401;
        }, "the former token ends");
        using var still = await renewed.GetAsync($"/v1/agents/{agent.Name}");
        await still.Json(200);
        using var operators = await fleet.Http.PostAsync($"/v1/agents/{agent.Name}/token", null);
        await operators.Json(201);
        using var none = await fleet.Http.PostAsync($"/v1/agents/{fleet.NewName()}/token", null);
        await none.Problem(404, "not_found");
    }

    [Fact]
    public async Task Who_registers_after_a_rotation_gets_another_login_at_the_broker()
    {
        await using var agent = await fleet.Agent();
        var before = agent.Login;
        await agent.Register();
        agent.Login.ShouldBe(before); // the same session, the same login: nothing that runs is disturbed
        using var answer = await agent.Http.PostAsync($"/v1/agents/{agent.Name}/token", null);
        using var renewed = fleet.With((await answer.Json(201)).GetProperty("agent_token").GetString());
        using var registered = await renewed.PutAsJsonAsync($"/v1/agents/{agent.Name}", new
        {
            session = agent.Session,
            version = "1",
            hostname = "h",
            os = "linux",
            arch = "x64",
            slots = new { noop = 1 },
            labels = new { },
        });
        (await registered.Json(200)).GetProperty("broker").GetProperty("password").GetString().ShouldNotBe(before.Password);
        (await fleet.MayConnect(before.User, before.Password)).ShouldBeFalse();
    }
}
