using System.Net;
using System.Net.Http.Headers;
using Fleet.Control.Tests.Agents.Socket.Support;

namespace Fleet.Control.Tests.Agents.Socket;

/// <summary>Who may open the socket of agents, and how.</summary>
public sealed class SocketHandshakeTests(SocketFleet fleet) : IClassFixture<SocketFleet>
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer fleet_agent_short")]
    [InlineData("Bearer fleet_agent_0000000000000000000000000000000000000000000")]
    [InlineData("Basic fleet_agent_0000000000000000000000000000000000000000000")]
    public async Task A_wrong_token_is_unauthorized_before_anything_else(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ws/agent");
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var stranger = fleet.With(null);
        using var answer = await stranger.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await answer.Content.ReadAsStringAsync()).ShouldBe("unauthorized\n");
    }

    [Fact]
    public async Task A_key_of_the_api_is_no_agents_token()
    {
        using var answer = await fleet.Http.GetAsync("/ws/agent");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("GET", "", "", "13", "AAAAAAAAAAAAAAAAAAAAAA==", 426)]
    [InlineData("POST", "", "", "", "", 426)]
    [InlineData("GET", "Upgrade", "h2c", "13", "AAAAAAAAAAAAAAAAAAAAAA==", 426)]
    [InlineData("POST", "Upgrade", "websocket", "13", "AAAAAAAAAAAAAAAAAAAAAA==", 405)]
    [InlineData("GET", "keep-alive, Upgrade", "websocket", "8", "AAAAAAAAAAAAAAAAAAAAAA==", 400)]
    [InlineData("GET", "Upgrade", "websocket", "13", "short", 400)]
    [InlineData("GET", "Upgrade", "websocket", "13", "", 400)]
    public async Task A_bad_upgrade_is_refused_with_its_reason(
        string method, string connection, string upgrade, string version, string key, int status)
    {
        var name = fleet.NewName();
        using var agent = fleet.With(await fleet.AgentToken(name));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/ws/agent");
        foreach (var (header, value) in (IEnumerable<(string, string)>)
            [("Connection", connection), ("Upgrade", upgrade), ("Sec-WebSocket-Version", version), ("Sec-WebSocket-Key", key)])
        {
            if (value.Length > 0)
                request.Headers.TryAddWithoutValidation(header, value);
        }

        using var answer = await agent.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
        if (status == 426)
            answer.Headers.Upgrade.ShouldContain(new ProductHeaderValue("websocket"));
        if (version == "8")
            answer.Headers.GetValues("Sec-WebSocket-Version").ShouldBe(["13"]);
    }

    [Fact]
    public async Task Whoever_connects_without_end_has_to_wait()
    {
        var agent = await fleet.Enrolled();
        var refused = false;
        for (var i = 0; i < 61 && !refused; i++)
        {
            await using var again = agent.Again();
            try
            {
                await again.Connect();
            }
            catch (System.Net.WebSockets.WebSocketException limited)
            {
                limited.Message.ShouldContain("429");
                refused = true;
            }
        }

        refused.ShouldBeTrue();
    }
}
