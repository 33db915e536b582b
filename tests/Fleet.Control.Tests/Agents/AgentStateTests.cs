using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Agents;

public sealed class AgentStateTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    [Fact]
    public async Task A_draining_agent_finishes_what_it_has_and_takes_nothing_new()
    {
        await using var agent = await fleet.Agent();
        var first = await fleet.Submit(Noop(agent));
        var run = await agent.NextRun();
        await agent.Report(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Started: true));

        using (var drained = await fleet.Http.PostAsync($"/v1/agents/{agent.Name}/drain", null))
            (await drained.Json(200)).GetProperty("state").GetString().ShouldBe("draining");
        var second = await fleet.Submit(Noop(agent));
        await agent.Report(new AttemptReport(
            run.WorkId, JobKinds.Noop, run.Attempt, Finished: new AttemptResult(AttemptOutcome.Succeeded, 0)));
        await StateBecomes(first, "succeeded");
        await Eventually.StaysTrue(() => agent.Runs.IsEmpty, TimeSpan.FromSeconds(2.5), "two rounds of the dispatcher give it nothing");
        (await StateOf(second)).ShouldBe("queued");

        using (var resumed = await fleet.Http.PostAsync($"/v1/agents/{agent.Name}/resume", null))
            (await resumed.Json(200)).GetProperty("state").GetString().ShouldBe("online");
        (await agent.NextRun()).WorkId.ShouldNotBe(run.WorkId);
    }

    [Fact]
    public async Task A_drain_said_to_another_Control_holds_for_the_one_that_dispatches()
    {
        await using var agent = await fleet.Agent();
        using var other = await fleet.Control();
        var slots = fleet.Services.GetRequiredService<SlotLedger>();
        var demand = DemandKey.Read(DemandKey.Of("noop", "noop", agent.Name, new Dictionary<string, string>()));
        await Eventually.True(() => slots.RoomFor(demand) > 0, "its slots are known");
        using var drained = await other.PostAsync($"/v1/agents/{agent.Name}/drain", null);
        await drained.Json(200);
        await Eventually.True(() => slots.RoomFor(demand) == 0, "who dispatches has heard it");
        await fleet.Submit(Noop(agent));
        await Eventually.StaysTrue(() => agent.Runs.IsEmpty, TimeSpan.FromSeconds(1.5), "it is given nothing");
    }

    [Fact]
    public async Task A_revoked_agent_is_cut_off_everywhere_when_the_call_returns()
    {
        var pool = fleet.NewName();
        await using var agent = await fleet.Agent(pool: pool);
        await using var heir = await fleet.Agent(pool: pool);
        using var other = await fleet.Control();
        using var elsewhere = new HttpClient { BaseAddress = other.BaseAddress };
        elsewhere.DefaultRequestHeaders.Authorization = agent.Http.DefaultRequestHeaders.Authorization;
        using (var before = await elsewhere.GetAsync($"/v1/agents/{agent.Name}"))
            await before.Json(200); // it is in the other's cache

        var job = await fleet.Submit(new { kind = "noop", max_attempts = 3, target = new { labels = new { pool } } });
        await Eventually.True(() => agent.Runs.Count + heir.Runs.Count > 0, "it is given to one of them");
        var (victim, taker) = agent.Runs.IsEmpty ? (heir, agent) : (agent, heir);
        var run = await victim.NextRun();
        await victim.Report(new AttemptReport(run.WorkId, JobKinds.Noop, run.Attempt, Started: true));
        await StateBecomes(job, "running");

        using (var revoked = await fleet.Http.PostAsync($"/v1/agents/{victim.Name}/revocation", null))
            (await revoked.Json(200)).GetProperty("state").GetString().ShouldBe("revoked");
        using (var dead = await victim.Http.GetAsync($"/v1/agents/{victim.Name}"))
            await dead.Problem(401, "unauthorized");
        elsewhere.DefaultRequestHeaders.Authorization = victim.Http.DefaultRequestHeaders.Authorization;
        using (var deadThere = await elsewhere.GetAsync($"/v1/agents/{victim.Name}"))
            await deadThere.Problem(401, "unauthorized");
        await victim.Closed.Task.Within();
        (await fleet.MayConnect(victim.Login.User, victim.Login.Password)).ShouldBeFalse();
        (await TestFleet.Ask($"users/{victim.Login.User}")).TryGetProperty("error", out _).ShouldBeTrue();

        var next = await taker.NextRun(); // at once, not after the lease
        next.WorkId.ShouldBe(run.WorkId);
        next.Attempt.ShouldBe(run.Attempt + 1);
        (await fleet.Get($"/v1/agents/{victim.Name}")).GetProperty("state").GetString().ShouldBe("revoked");
        using var drained = await fleet.Http.PostAsync($"/v1/agents/{victim.Name}/drain", null);
        await drained.Problem(409, "agent_revoked");
    }

    [Fact]
    public async Task A_revoked_agent_comes_back_with_a_token_made_for_it()
    {
        var name = fleet.NewName();
        await using (var agent = await fleet.Agent(name))
        {
            using var unused = fleet.With(await fleet.EnrolmentToken(new { name }));
            using var deleted = await fleet.Http.DeleteAsync($"/v1/agents/{name}");
            ((int)deleted.StatusCode).ShouldBe(204);
            using var again = await fleet.Http.DeleteAsync($"/v1/agents/{name}");
            ((int)again.StatusCode).ShouldBe(204);
            using var void_ = await unused.PostAsync($"/v1/agents/{name}/enrolment", null);
            await void_.Problem(401, "enrolment_invalid"); // what was made for it before is revoked too
        }

        await using var back = await fleet.Agent(name);
        (await fleet.Get($"/v1/agents/{name}")).GetProperty("state").GetString().ShouldBe("online");
        await fleet.Submit(Noop(back));
        await back.NextRun();
        using var none = await fleet.Http.DeleteAsync($"/v1/agents/{fleet.NewName()}");
        await none.Problem(404, "not_found");
    }

    [Fact]
    public async Task Each_run_of_the_process_is_remembered_once()
    {
        await using var agent = await fleet.Agent();
        await agent.Register();
        var first = agent.Session;
        agent.Session = Guid.NewGuid();
        await agent.Register();
        var hellos = (await fleet.Get($"/v1/agents/{agent.Name}/hellos")).GetProperty("items").EnumerateArray().ToArray();
        hellos.Select(hello => hello.GetProperty("session").GetGuid()).ShouldBe([agent.Session, first]);
        hellos[0].GetProperty("hostname").GetString().ShouldBe("here");
        hellos[0].GetProperty("slots").GetProperty("noop").GetInt32().ShouldBe(4);
        hellos[1].GetProperty("last_at").GetDateTimeOffset().ShouldBeGreaterThan(hellos[1].GetProperty("at").GetDateTimeOffset());
        using var none = await fleet.Http.GetAsync($"/v1/agents/{fleet.NewName()}/hellos");
        await none.Problem(404, "not_found");
    }

    [Fact]
    public async Task The_last_fifty_runs_are_remembered()
    {
        await using var agent = await fleet.Agent();
        for (var i = 0; i < 55; i++)
        {
            agent.Session = Guid.NewGuid();
            using var answer = await agent.TryRegister();
            await answer.Json(200);
        }

        var hellos = (await fleet.Get($"/v1/agents/{agent.Name}/hellos")).GetProperty("items").EnumerateArray().ToArray();
        hellos.Length.ShouldBe(50);
        hellos[0].GetProperty("session").GetGuid().ShouldBe(agent.Session);
    }

    [Fact]
    public async Task A_run_that_another_has_followed_never_comes_back()
    {
        await using var agent = await fleet.Agent();
        var first = agent.Session;
        agent.Session = Guid.NewGuid();
        await agent.Register();
        await agent.Closed.Task.Within(); // what the first held at the broker is closed
        using var late = await agent.TryRegister(session: first);
        await late.Problem(409, "session_superseded");
    }

    [Fact]
    public async Task An_agent_that_says_nothing_is_offline()
    {
        await using var agent = await fleet.Agent();
        await using (var db = fleet.House.Db())
        {
            var name = agent.Name;
            await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.ExecuteSqlAsync(
                db.Database, $"update agents set seen_at = now() - interval '91 s' where name = {name}");
        }

        (await fleet.Get($"/v1/agents/{agent.Name}")).GetProperty("state").GetString().ShouldBe("offline");
        using (var drained = await fleet.Http.PostAsync($"/v1/agents/{agent.Name}/drain", null))
        {
            var view = await drained.Json(200);
            view.GetProperty("state").GetString().ShouldBe("offline");
            view.GetProperty("draining").GetBoolean().ShouldBeTrue();
        }

        await agent.Beat();
        await Eventually.True(
            async () => (await fleet.Get($"/v1/agents/{agent.Name}")).GetProperty("state").GetString() == "draining",
            "it is back, and still drains");
    }

    [Fact]
    public async Task While_the_broker_cannot_be_told_a_revocation_says_so_and_holds_all_the_same()
    {
        await using var agent = await fleet.Agent();
        using var cut = await fleet.Control(("Broker:ManagementUrl", "http://127.0.0.1:1"));
        using (var there = new HttpClient { BaseAddress = cut.BaseAddress })
        {
            there.DefaultRequestHeaders.Authorization = agent.Http.DefaultRequestHeaders.Authorization;
            using var refused = await System.Net.Http.Json.HttpClientJsonExtensions.PutAsJsonAsync(there, $"/v1/agents/{agent.Name}", new
            {
                session = Guid.NewGuid(),
                version = "1",
                hostname = "h",
                os = "linux",
                arch = "x64",
                slots = new { noop = 1 },
                labels = new { },
            });
            await refused.Problem(503, "broker_unavailable");
        }

        using (var half = await cut.PostAsync($"/v1/agents/{agent.Name}/revocation", null))
            await half.Problem(503, "broker_unavailable");
        using (var dead = await agent.Http.GetAsync($"/v1/agents/{agent.Name}"))
            await dead.Problem(401, "unauthorized");
        agent.Closed.Task.IsCompleted.ShouldBeFalse();
        using var whole = await fleet.Http.PostAsync($"/v1/agents/{agent.Name}/revocation", null);
        await whole.Json(200);
        await agent.Closed.Task.Within();
    }

    [Fact]
    public async Task Without_a_management_API_agents_log_in_as_their_settings_say()
    {
        var name = fleet.NewName();
        using var shared = await fleet.Control(("Broker:ManagementUrl", ""));
        using var agent = new HttpClient { BaseAddress = shared.BaseAddress };
        agent.DefaultRequestHeaders.Authorization = new("Bearer", await fleet.AgentToken(name));
        using var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PutAsJsonAsync(agent, $"/v1/agents/{name}", new
        {
            session = Guid.NewGuid(),
            version = "1",
            hostname = "h",
            os = "linux",
            arch = "x64",
            slots = new { noop = 1 },
            labels = new { },
        });
        (await answer.Json(200)).GetProperty("broker").ValueKind.ShouldBe(JsonValueKind.Null);
        (await TestFleet.Ask($"users/agent-{name}")).TryGetProperty("error", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Given_labels_outweigh_what_the_agent_says()
    {
        var name = fleet.NewName();
        using var http = fleet.With(await fleet.EnrolmentToken(new { name, labels = new { agent = "given", room = "7" } }));
        using var enrolled = await http.PostAsync($"/v1/agents/{name}/enrolment", null);
        using var agent = fleet.With((await enrolled.Json(201)).GetProperty("agent_token").GetString());
        using var registered = await System.Net.Http.Json.HttpClientJsonExtensions.PutAsJsonAsync(agent, $"/v1/agents/{name}", new
        {
            session = Guid.NewGuid(),
            version = "1",
            hostname = "h",
            os = "linux",
            arch = "x64",
            slots = new { noop = 1 },
            labels = new { agent = "said", own = "1" },
        });
        await registered.Json(200);
        var labels = (await fleet.Get($"/v1/agents/{name}")).GetProperty("labels")
            .Deserialize<Dictionary<string, string>>()!;
        labels.ShouldBe(new Dictionary<string, string> { ["agent"] = "given", ["room"] = "7", ["own"] = "1" }, ignoreOrder: true);
    }

    private static object Noop(TestAgent agent) => new { kind = "noop", target = new { agent = agent.Name } };

    private async Task<string> StateOf(string job) => (await fleet.Get($"/v1/jobs/{job}")).GetProperty("state").GetString()!;

    private Task StateBecomes(string job, string state) =>
        Eventually.True(async () => await StateOf(job) == state, $"job {job} is {state}");
}
