using System.Net.Http.Json;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Agents;

/// <summary>What happens to agents is told once, in its order, to those who run the fleet.</summary>
public sealed class AgentEventsTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    private const string All = "/v1/webhook-endpoints";

    private static readonly string[] Everything =
        ["agent.registered", "agent.online", "agent.draining", "agent.resumed", "agent.revoked"];

    [Fact]
    public async Task Each_transition_is_owed_once_and_in_order()
    {
        using var made = await fleet.Http.PostAsJsonAsync(All, Endpoint("agent.*"));
        var path = $"{All}/{(await made.Json(201)).GetProperty("endpoint_id").GetString()}/deliveries";
        var name = fleet.NewName();
        await using var agent = await fleet.Agent(name);
        await Eventually.True(async () => (await Told(path)).Contains("agent.online"), "it is told to be online");
        foreach (var step in new[] { "drain", "drain", "resume", "resume", "revocation", "revocation" })
        {
            using var done = await fleet.Http.PostAsync($"/v1/agents/{name}/{step}", null);
            await done.Json(200);
        }

        (await Told(path)).ShouldBe(Everything);
    }

    [Fact]
    public async Task Others_hear_nothing_of_agents()
    {
        using var key = await fleet.Http.PostAsJsonAsync("/v1/api-keys", new { name = "hers", role = "operator", tenant = "hers" });
        using var hers = fleet.With((await key.Json(201)).GetProperty("key").GetString());
        using var refused = await hers.PostAsJsonAsync(All, Endpoint("agent.online"));
        (await refused.Problem(400, "invalid_field")).Sentence("event_types[0]").ShouldContain("Only endpoints of the tenant default");
        using var plain = await fleet.WithScopes("webhooks:manage");
        using var unread = await plain.PostAsJsonAsync(All, Endpoint("agent.*"));
        (await unread.Problem(400, "invalid_field")).Sentence("event_types[0]").ShouldContain("This key may not read");
    }

    private static object Endpoint(string type) => new { url = "https://receiver.invalid/hook", event_types = new[] { type } };

    /// <summary>Types of what is owed, the oldest first.</summary>
    private async Task<string[]> Told(string path) =>
    [
        .. (await fleet.Get(path)).GetProperty("items").EnumerateArray().Reverse()
            .Select(row => row.GetProperty("type").GetString()!),
    ];
}
