using System.Net.Http.Json;
using System.Text;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Tests.Agents;

public sealed class EnrolmentTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    [Fact]
    public async Task A_one_time_token_makes_one_agent()
    {
        var name = fleet.NewName();
        using var made = await fleet.Http.PostAsJsonAsync(
            "/v1/agents/enrolments", new { name, labels = new { room = "7" }, expires_in_s = 60 });
        made.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var enrolment = await made.Json(201);
        var token = enrolment.GetProperty("token").GetString()!;
        token.ShouldStartWith("fleet_enrol_");
        using var http = fleet.With(token);
        using var answer = await http.PostAsync($"/v1/agents/{name}/enrolment", null);
        var enrolled = await answer.Json(201);
        enrolled.GetProperty("agent").GetString().ShouldBe(name);
        enrolled.GetProperty("agent_token").GetString()!.ShouldStartWith("fleet_agent_");
        var agent = await fleet.Get($"/v1/agents/{name}");
        agent.GetProperty("state").GetString().ShouldBe("offline");
        agent.GetProperty("registered_at").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        agent.GetProperty("labels").GetProperty("room").GetString().ShouldBe("7");
        using var again = await http.PostAsync($"/v1/agents/{name}/enrolment", null);
        await again.Problem(401, "enrolment_invalid");
    }

    [Fact]
    public async Task Of_many_who_show_one_token_one_is_let_in()
    {
        var name = fleet.NewName();
        using var http = fleet.With(await fleet.EnrolmentToken(new { name }));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => http.PostAsync($"/v1/agents/{name}/enrolment", null)));
        answers.Count(answer => (int)answer.StatusCode == 201).ShouldBe(1);
        answers.Count(answer => (int)answer.StatusCode == 401).ShouldBe(19);
        await using var db = fleet.House.Db();
        (await db.Set<Control.Platform.Access.AgentToken>().CountAsync(token => token.Agent == name)).ShouldBe(1);
    }

    [Fact]
    public async Task Neither_token_is_kept_as_text()
    {
        var name = fleet.NewName();
        var one = await fleet.EnrolmentToken(new { name });
        using var http = fleet.With(one);
        using var answer = await http.PostAsync($"/v1/agents/{name}/enrolment", null);
        var other = (await answer.Json(201)).GetProperty("agent_token").GetString()!;
        var dump = await Dump();
        dump.ShouldContain(name);
        dump.ShouldNotContain(one);
        dump.ShouldNotContain(other);
        dump.ShouldNotContain(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(other)));
        fleet.Log.Lines.ShouldNotContain(line => line.Contains(one) || line.Contains(other));
    }

    [Fact]
    public async Task A_token_for_one_name_makes_no_other_agent()
    {
        var (name, other) = (fleet.NewName(), fleet.NewName());
        using var http = fleet.With(await fleet.EnrolmentToken(new { name }));
        using var answer = await http.PostAsync($"/v1/agents/{other}/enrolment", null);
        await answer.Problem(401, "enrolment_invalid");
        using var right = await http.PostAsync($"/v1/agents/{name}/enrolment", null);
        await right.Json(201); // the wrong name used nothing up
    }

    [Fact]
    public async Task A_name_that_is_taken_needs_a_token_made_for_it()
    {
        var name = fleet.NewName();
        await using var agent = await fleet.Agent(name);
        using var any = fleet.With(await fleet.EnrolmentToken(new { }));
        using var taken = await any.PostAsync($"/v1/agents/{name}/enrolment", null);
        await taken.Problem(409, "agent_exists");

        var second = await fleet.AgentToken(name);
        using var former = await agent.TryRegister();
        await Eventually.True(async () =>
        {
            using var answer = await agent.TryRegister();
            return (int)answer.StatusCode == 401;
        }, "the token of the first enrolment is dead");
        using var http = fleet.With(second);
        using var shown = await http.GetAsync($"/v1/agents/{name}");
        await shown.Json(200);
        using var free = await any.PostAsync($"/v1/agents/{fleet.NewName()}/enrolment", null);
        await free.Json(201); // the taken name used nothing up
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        var name = fleet.NewName();
        using var http = fleet.With(await fleet.EnrolmentToken(new { name, expires_in_s = 1 }));
        await Eventually.True(
            () => fleet.House.Ask<bool>($"select expires_at < now() from agent_enrolments where name = '{name}'"), "its time is over");
        using var answer = await http.PostAsync($"/v1/agents/{name}/enrolment", null);
        await answer.Problem(401, "enrolment_invalid");
    }

    [Fact]
    public async Task An_unused_token_can_be_withdrawn()
    {
        var name = fleet.NewName();
        using var made = await fleet.Http.PostAsJsonAsync("/v1/agents/enrolments", new { name });
        var enrolment = await made.Json(201);
        var id = enrolment.GetProperty("enrolment_id").GetString();
        var listed = await fleet.Get("/v1/agents/enrolments?limit=200");
        listed.GetProperty("items").EnumerateArray()
            .ShouldContain(item => item.GetProperty("enrolment_id").GetString() == id);
        listed.ToString().ShouldNotContain("fleet_enrol_");
        using var withdrawn = await fleet.Http.DeleteAsync($"/v1/agents/enrolments/{id}");
        ((int)withdrawn.StatusCode).ShouldBe(204);
        using var twice = await fleet.Http.DeleteAsync($"/v1/agents/enrolments/{id}");
        await twice.Problem(404, "not_found");
        using var http = fleet.With(enrolment.GetProperty("token").GetString());
        using var answer = await http.PostAsync($"/v1/agents/{name}/enrolment", null);
        await answer.Problem(401, "enrolment_invalid");
    }

    [Theory]
    [InlineData("""{"name":"Not A Name"}""", "name")]
    [InlineData("""{"name":"x-out"}""", "name")]
    [InlineData("""{"name":"announcements"}""", "name")]
    [InlineData("""{"expires_in_s":0}""", "expires_in_s")]
    [InlineData("""{"expires_in_s":3601}""", "expires_in_s")]
    [InlineData("""{"labels":{"":"x"}}""", "labels")]
    [InlineData("""{"nmae":"x"}""", "nmae")]
    public async Task Every_wrong_field_is_named(string body, string field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await fleet.Http.PostAsync("/v1/agents/enrolments", content);
        (await answer.Problem(400, "invalid_field")).Sentence(field).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Only_who_manages_agents_makes_enrolments()
    {
        using var reader = await fleet.WithScopes("agents:read");
        using var refused = await reader.PostAsJsonAsync("/v1/agents/enrolments", new { });
        await refused.Problem(403, "forbidden");
        using var manager = await fleet.WithScopes("agents:manage");
        using var made = await manager.PostAsJsonAsync("/v1/agents/enrolments", new { });
        await made.Json(201);
        using var nobody = fleet.With(null);
        foreach (var path in (string[])["/v1/agents/enrolments", "/v1/agents/x/drain", "/v1/agents/x/revocation"])
        {
            using var unknown = await nobody.PostAsJsonAsync(path, new { });
            await unknown.Problem(401, "unauthorized");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("fleet_enrol_short")]
    [InlineData("fleet_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("fleet_enrol_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Whatever_is_wrong_with_a_token_the_answer_is_the_same(string? token)
    {
        using var http = fleet.With(token);
        using var answer = await http.PostAsync($"/v1/agents/{fleet.NewName()}/enrolment", null);
        var problem = await answer.Problem(401, "enrolment_invalid");
        problem.GetProperty("detail").GetString().ShouldStartWith("A valid enrolment token for this name is needed");
    }

    /// <summary>Every table that knows agents, as text; bytes as hex.</summary>
    private async Task<string> Dump()
    {
        var text = "";
        await using var connection = new NpgsqlConnection(fleet.House.ConnectionString);
        await connection.OpenAsync();
        foreach (var table in (string[])["agents", "agent_tokens", "agent_enrolments", "pending_agents", "agent_hellos"])
        {
            await using var select = new NpgsqlCommand($"select coalesce(string_agg(t::text, ' '), '') from {table} t", connection);
            text += await select.ExecuteScalarAsync();
        }

        return text;
    }
}
