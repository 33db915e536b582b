using System.Net.Http.Json;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Agents;

/// <summary>An agent is online when it is heard through the broker; and where it is not, the fleet says why as far as it knows.</summary>
public sealed class AgentReasonTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    [Fact]
    public async Task An_agent_that_reaches_the_edge_alone_is_offline_and_says_why()
    {
        var name = fleet.NewName();
        using var http = fleet.With(await fleet.AgentToken(name));
        (await Shown(name)).ShouldBe(("offline",
            "Its process has not come since it was enrolled: it does not run, or does not reach the edge. Its own log says which."));
        await Register(http, name, trouble: null);
        (await Shown(name)).ShouldBe(("offline", "It reaches the edge, but nothing of it has come through the broker."));
        await Register(http, name, trouble: "broker.example:5671: \u001b[31mConnection\nrefused." + new string('x', 1000));
        var (state, reason) = await Shown(name);
        state.ShouldBe("offline");
        reason.ShouldStartWith("It reaches the edge, but not the broker: broker.example:5671:  [31mConnection refused.xxx");
        reason!.Length.ShouldBeLessThan(600);
        (await fleet.Get("/v1/agents?state=online")).GetProperty("items").EnumerateArray()
            .ShouldNotContain(agent => agent.GetProperty("name").GetString() == name);
    }

    [Fact]
    public async Task A_beat_makes_it_online_and_silence_offline_again()
    {
        await using var agent = await fleet.Agent();
        (await Shown(agent.Name)).ShouldBe(("online", null));
        using (var answer = await agent.TryRegister())
            await answer.Json(200);
        (await Shown(agent.Name)).ShouldBe(("online", null), "the same process says again who it is");
        await fleet.House.Do($"update agents set beat_at = now() - interval '91 s' where name = '{agent.Name}'");
        (await Shown(agent.Name)).ShouldBe(("offline", "It reaches the edge, but nothing of it has come through the broker."));
        await fleet.House.Do($"update agents set seen_at = now() - interval '91 s' where name = '{agent.Name}'");
        (await Shown(agent.Name)).Reason.ShouldStartWith("Nothing was heard of it");
        await fleet.House.Do($"update agents set closing = true where name = '{agent.Name}'");
        (await Shown(agent.Name)).Reason.ShouldBe("Its process was stopped.");
    }

    private static async Task Register(HttpClient http, string name, string? trouble)
    {
        var said = new Dictionary<string, object>
        {
            ["session"] = Guid.Parse("11111111-1111-1111-1111-111111111111"),
            ["version"] = "1",
            ["hostname"] = "here",
            ["os"] = "linux",
            ["arch"] = "x64",
            ["slots"] = new { noop = 1 },
            ["labels"] = new { },
        };
        if (trouble is not null)
            said["broker_trouble"] = trouble;
        using var answer = await http.PutAsJsonAsync($"/v1/agents/{name}", said);
        await answer.Json(200);
    }

    private async Task<(string? State, string? Reason)> Shown(string name)
    {
        var agent = await fleet.Get($"/v1/agents/{name}");
        return (agent.GetProperty("state").GetString(),
            agent.TryGetProperty("reason", out var reason) ? reason.GetString() : null);
    }
}
