using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Agents;

public sealed class JoinRequestTests : IAsyncLifetime
{
    private readonly TestFleet _fleet = new();

    public Task InitializeAsync() => _fleet.InitializeAsync();

    public Task DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task A_host_announces_itself_and_is_approved()
    {
        var name = _fleet.NewName();
        using var nobody = _fleet.With(null);
        var taken = await Announced(nobody, name);
        var id = taken.GetProperty("announcement_id").GetString();
        using var host = _fleet.With(taken.GetProperty("claim_secret").GetString());
        using (var early = await host.PostAsync($"/v1/agents/announcements/{id}/claim", null))
            (await early.Json(202)).GetProperty("state").GetString().ShouldBe("pending");

        var seen = (await _fleet.Get("/v1/agents/announcements")).GetProperty("items")[0];
        seen.GetProperty("announcement_id").GetString().ShouldBe(id);
        seen.GetProperty("state").GetString().ShouldBe("pending");
        seen.GetProperty("fingerprint").GetString().ShouldBe(taken.GetProperty("fingerprint").GetString());
        seen.ToString().ShouldNotContain("fleet_claim_");

        using (var approved = await _fleet.Http.PostAsJsonAsync(
            $"/v1/agents/announcements/{id}/approval", new { labels = new { room = "7" } }))
            (await approved.Json(200)).GetProperty("state").GetString().ShouldBe("approved");
        using (var twice = await _fleet.Http.PostAsync($"/v1/agents/announcements/{id}/approval", null))
            await twice.Problem(409, "already_decided");

        await Claimed(host, id); // an answer that got lost
        var token = await Claimed(host, id);
        using var agent = _fleet.With(token);
        using var shown = await agent.GetAsync($"/v1/agents/{name}");
        (await shown.Json(200)).GetProperty("labels").GetProperty("room").GetString().ShouldBe("7");
    }

    [Fact]
    public async Task After_the_agent_has_come_its_claim_opens_nothing()
    {
        var name = _fleet.NewName();
        using var nobody = _fleet.With(null);
        var taken = await Announced(nobody, name);
        var id = taken.GetProperty("announcement_id").GetString();
        using var approved = await _fleet.Http.PostAsync($"/v1/agents/announcements/{id}/approval", null);
        using var host = _fleet.With(taken.GetProperty("claim_secret").GetString());
        using var agent = _fleet.With(await Claimed(host, id));
        using var registered = await agent.PutAsJsonAsync($"/v1/agents/{name}", new
        {
            session = Guid.NewGuid(),
            version = "1",
            hostname = "h",
            os = "linux",
            arch = "x64",
            slots = new { noop = 1 },
            labels = new { },
        });
        await registered.Json(200);
        using var again = await host.PostAsync($"/v1/agents/announcements/{id}/claim", null);
        await again.Problem(401, "claim_invalid");
    }

    [Fact]
    public async Task A_refused_host_hears_so()
    {
        using var nobody = _fleet.With(null);
        var taken = await Announced(nobody, _fleet.NewName());
        var id = taken.GetProperty("announcement_id").GetString();
        using var refused = await _fleet.Http.PostAsync($"/v1/agents/announcements/{id}/refusal", null);
        (await refused.Json(200)).GetProperty("state").GetString().ShouldBe("refused");
        using var host = _fleet.With(taken.GetProperty("claim_secret").GetString());
        using var answer = await host.PostAsync($"/v1/agents/announcements/{id}/claim", null);
        await answer.Problem(403, "agent_refused");
    }

    [Fact]
    public async Task A_claim_needs_the_secret_of_the_very_host()
    {
        using var nobody = _fleet.With(null);
        var one = await Announced(nobody, _fleet.NewName());
        var other = await Announced(nobody, _fleet.NewName());
        var id = one.GetProperty("announcement_id").GetString();
        using var approved = await _fleet.Http.PostAsync($"/v1/agents/announcements/{id}/approval", null);
        foreach (var secret in (string?[])[null, "x", other.GetProperty("claim_secret").GetString()])
        {
            using var host = _fleet.With(secret);
            using var answer = await host.PostAsync($"/v1/agents/announcements/{id}/claim", null);
            await answer.Problem(401, "claim_invalid");
        }
    }

    [Fact]
    public async Task A_name_that_is_taken_is_not_approved_and_can_be_changed()
    {
        var name = _fleet.NewName();
        await _fleet.AgentToken(name);
        using var nobody = _fleet.With(null);
        var id = (await Announced(nobody, name)).GetProperty("announcement_id").GetString();
        using var taken = await _fleet.Http.PostAsync($"/v1/agents/announcements/{id}/approval", null);
        await taken.Problem(409, "agent_exists");
        var other = _fleet.NewName();
        using var renamed = await _fleet.Http.PostAsJsonAsync($"/v1/agents/announcements/{id}/approval", new { name = other });
        (await renamed.Json(200)).GetProperty("name").GetString().ShouldBe(other);
    }

    [Fact]
    public async Task Those_who_wait_are_bounded_in_number_and_time()
    {
        using var nobody = _fleet.With(null);
        for (var i = 0; i < 5; i++)
            await Announced(nobody, $"host-{i}");
        using var sixth = await Announce(nobody, "host-6");
        await sixth.Problem(429, "too_many_pending");
        sixth.Headers.RetryAfter.ShouldNotBeNull();
        await using (var db = _fleet.House.Db())
            await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.ExecuteSqlRawAsync(
                db.Database, "update pending_agents set expires_at = now() - interval '1 s' where name = 'host-0'");
        await Announced(nobody, "host-6");
    }

    [Fact]
    public async Task Announcements_are_taken_at_a_bounded_rate()
    {
        using var slow = await _fleet.Control(("Agents:AnnouncementsPerMinute", "3"));
        slow.DefaultRequestHeaders.Authorization = null;
        for (var i = 0; i < 3; i++)
        {
            using var wrong = await slow.PostAsJsonAsync("/v1/agents/announcements", new { name = "X" });
            ((int)wrong.StatusCode).ShouldBe(400);
        }

        using var more = await Announce(slow, "host");
        await more.Problem(429, "too_many_requests");
    }

    [Fact]
    public async Task Only_who_manages_agents_decides()
    {
        using var nobody = _fleet.With(null);
        var id = (await Announced(nobody, "host")).GetProperty("announcement_id").GetString();
        using var reader = await _fleet.WithScopes("agents:read");
        foreach (var what in (string[])["approval", "refusal"])
        {
            using var unknown = await nobody.PostAsync($"/v1/agents/announcements/{id}/{what}", null);
            await unknown.Problem(401, "unauthorized");
            using var refused = await reader.PostAsync($"/v1/agents/announcements/{id}/{what}", null);
            await refused.Problem(403, "forbidden");
            using var none = await _fleet.Http.PostAsync($"/v1/agents/announcements/nothing/{what}", null);
            await none.Problem(404, "not_found");
        }

        using var list = await reader.GetAsync("/v1/agents/announcements");
        await list.Problem(403, "forbidden");
    }

    [Fact]
    public async Task A_wrong_announcement_names_its_fields()
    {
        using var nobody = _fleet.With(null);
        using var answer = await nobody.PostAsJsonAsync("/v1/agents/announcements", new
        {
            name = "No Name",
            hostname = new string('x', 201),
            os = "linux",
            arch = "x64",
            version = "1",
        });
        var problem = await answer.Problem(400, "invalid_field");
        problem.Sentence("name").ShouldNotBeEmpty();
        problem.Sentence("hostname").ShouldNotBeEmpty();
    }

    private static Task<HttpResponseMessage> Announce(HttpClient http, string name) => http.PostAsJsonAsync(
        "/v1/agents/announcements", new { name, hostname = "here", os = "linux", arch = "x64", version = "1" });

    private static async Task<JsonElement> Announced(HttpClient http, string name)
    {
        using var answer = await Announce(http, name);
        return await answer.Json(202);
    }

    private static async Task<string> Claimed(HttpClient host, string? id)
    {
        using var answer = await host.PostAsync($"/v1/agents/announcements/{id}/claim", null);
        return (await answer.Json(201)).GetProperty("agent_token").GetString()!;
    }
}
