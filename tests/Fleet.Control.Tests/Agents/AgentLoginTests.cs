using System.Net.Http.Json;
using Fleet.Control.Tests.Agents.Support;

namespace Fleet.Control.Tests.Agents;

/// <summary>What a session that registers again finds at the broker.</summary>
public sealed class AgentLoginTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    [Fact]
    public async Task A_session_that_comes_again_finds_its_login_untouched()
    {
        await using var agent = await fleet.Agent();
        var before = await HashOf(agent);

        await agent.Register();

        (await HashOf(agent)).ShouldBe(before); // another write would have salted it anew
    }

    [Fact]
    public async Task A_login_that_was_lost_or_changed_is_as_it_should_be_after_the_next_registration()
    {
        await using var agent = await fleet.Agent();
        await TestFleet.Tell(HttpMethod.Delete, $"users/agent-{agent.Name}");
        await MustWork(agent);

        await TestFleet.Tell(HttpMethod.Put, $"users/agent-{agent.Name}", new { password = "other", tags = "administrator" });
        await MustWork(agent);

        await TestFleet.Tell(
            HttpMethod.Put,
            $"permissions/{fleet.VirtualHost}/agent-{agent.Name}",
            new { configure = ".*", write = ".*", read = ".*" });
        await MustWork(agent);
    }

    [Fact]
    public async Task Hundred_sessions_that_come_together_are_all_let_in()
    {
        var agents = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            var name = fleet.NewName();
            return (Name: name, Token: await fleet.AgentToken(name));
        }));

        var answers = await Task.WhenAll(agents.Select(async agent =>
        {
            using var http = fleet.With(agent.Token);
            using var answer = await http.PutAsJsonAsync($"/v1/agents/{agent.Name}", new
            {
                session = Guid.NewGuid(),
                version = "1",
                hostname = "here",
                os = "linux",
                arch = "x64",
                slots = new Dictionary<string, int> { ["noop"] = 1 },
                labels = new Dictionary<string, string>(),
            });
            return (int)answer.StatusCode;
        }));

        answers.ShouldAllBe(status => status == 200);
    }

    private async Task MustWork(TestAgent agent)
    {
        await agent.Register();
        (await fleet.MayConnect(agent.Login.User, agent.Login.Password)).ShouldBeTrue();
        var user = await TestFleet.Ask($"users/{agent.Login.User}");
        user.GetProperty("tags").ToString().ShouldBeOneOf("", "[]");
        var rights = await TestFleet.Ask($"permissions/{fleet.VirtualHost}/{agent.Login.User}");
        rights.GetProperty("read").GetString().ShouldBe($"^{agent.Login.User}$");
    }

    private static async Task<string?> HashOf(TestAgent agent) =>
        (await TestFleet.Ask($"users/{agent.Login.User}")).GetProperty("password_hash").GetString();
}
