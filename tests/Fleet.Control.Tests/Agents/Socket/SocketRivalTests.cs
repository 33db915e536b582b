using Fleet.Control.Tests.Agents.Socket.Support;

namespace Fleet.Control.Tests.Agents.Socket;

/// <summary>One connection of an agent at a time, whichever Control it hangs on, and none once it is revoked.</summary>
public sealed class SocketRivalTests(SocketFleet fleet) : IClassFixture<SocketFleet>
{
    [Fact]
    public async Task Of_two_connections_the_newest_stays()
    {
        await using var older = await fleet.Connected();
        await using var newer = older.Again();
        await newer.Connect();
        await newer.Welcome();
        await older.MustClose(1008);
        await newer.Say("nonsense", new { });
        await newer.HearError("unknown_type");
    }

    [Fact]
    public async Task That_holds_across_two_Controls_and_so_does_a_revocation()
    {
        using var second = await fleet.Control();
        await using var older = await fleet.Connected();
        await using var newer = older.Again(second.BaseAddress);
        await newer.Connect();
        await newer.Welcome();
        await older.MustClose(1008);

        using var revoked = await fleet.Http.PostAsync($"/v1/agents/{newer.Name}/revocation", null); // the first Control is asked
        revoked.EnsureSuccessStatusCode();
        await newer.MustClose(1008);
        newer.Socket.CloseStatusDescription.ShouldBe("this agent is revoked");
        await using var again = newer.Again();
        (await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(again.Connect)).Message.ShouldContain("401");
    }

    [Fact]
    public async Task Work_goes_to_the_connection_that_is_there()
    {
        using var second = await fleet.Control();
        await using var older = await fleet.Connected();
        await using var newer = older.Again(second.BaseAddress);
        await newer.Connect();
        await newer.Welcome();
        await older.MustClose(1008);
        await fleet.Submit(newer.Name);
        await newer.Hear("config.update");
        await newer.Hear("command.run");
    }

    [Fact]
    public async Task A_Control_that_stops_says_so_and_the_agent_comes_to_another()
    {
        using var second = await fleet.Control();
        await using var agent = await fleet.Connected(at: second);
        var stopping = fleet.StopLast();
        await agent.MustClose(1001);
        await agent.DisposeAsync();
        await stopping.Within();
        await using var again = agent.Again(fleet.Http.BaseAddress);
        await again.Connect();
        await again.Welcome();
    }
}
