using Fleet.Control.Tests.Agents.Socket.Support;

namespace Fleet.Control.Tests.Agents.Socket;

/// <summary>The first message of a connection, and when it has to come.</summary>
public sealed class SocketHelloTests(StillSocketFleet fleet) : IClassFixture<StillSocketFleet>
{
    [Fact]
    public async Task A_hello_that_comes_too_late_comes_to_nothing()
    {
        await using var agent = await fleet.Enrolled();
        await agent.Connect();
        var hearing = agent.HearError("bad_request");
        await Passes(() => hearing.IsCompleted, "it is refused");
        (await hearing).ShouldContain("hello must come within 10 s");
        await agent.MustClose(1008);
    }

    [Theory]
    [InlineData("""{"type":"heartbeat","payload":{}}""", "first message must be hello")]
    [InlineData("""{"type":"hello","payload":[]}""", "payload must be an object")]
    [InlineData("""{"type":"hello"}""", "payload.protocol_version is needed")]
    [InlineData("""{"type":"hello","payload":{"protocol_version":"1"}}""", "payload.protocol_version must be a whole number")]
    [InlineData("""{"type":"hello","payload":{"protocol_version":1,"agent_version":"1","os":"linux","arch":"amd64"}}""", "payload.hostname")]
    [InlineData("""{"type":7,"payload":{}}""", "type must be a text")]
    [InlineData("[]", "must be an object")]
    [InlineData("hello", "not valid JSON at line 1")]
    public async Task A_wrong_first_message_is_answered_and_ends_the_connection(string message, string sentence)
    {
        await using var agent = await fleet.Enrolled();
        await agent.Connect();
        await agent.Text(message);
        (await agent.HearError("bad_request")).ShouldContain(sentence);
        await agent.MustClose(1008);
    }

    [Fact]
    public async Task An_old_protocol_is_told_where_to_read_on()
    {
        await using var agent = await fleet.Enrolled();
        await agent.Connect();
        await agent.Hello(protocol: 0);
        var error = await agent.Hear("error");
        error.GetProperty("code").GetString().ShouldBe("protocol_too_old");
        error.GetProperty("help_url").GetString()!.ShouldEndWith("/docs");
        await agent.MustClose(1008);
    }

    [Fact]
    public async Task A_newer_protocol_is_welcome_and_the_agent_is_shown_as_any_other()
    {
        await using var agent = await fleet.Enrolled();
        await agent.Connect();
        await agent.Hello(protocol: 7);
        await Eventually.True(async () => await fleet.StateOf(agent.Name) == "online", "it is online");
        var shown = await fleet.Get($"/v1/agents/{agent.Name}");
        shown.GetProperty("version").GetString().ShouldBe("1.2.3");
        shown.GetProperty("os").GetString().ShouldBe("linux");
        shown.GetProperty("slots").GetProperty("backup").GetInt32().ShouldBe(1);
        shown.GetProperty("labels").GetProperty("restic_version").GetString().ShouldBe("0.14.0");
    }

    [Fact]
    public async Task An_agent_without_heartbeats_is_let_go_after_ninety_seconds()
    {
        await using var agent = await fleet.Connected();
        for (var i = 0; i < 4; i++)
        {
            fleet.Time.Advance(TimeSpan.FromSeconds(30));
            await agent.Beat();
            await agent.Say("nonsense", new { }); // its answer says that the beat was heard
            await agent.HearError("unknown_type");
        }

        fleet.Time.Advance(TimeSpan.FromSeconds(89));
        await agent.Say("nonsense", new { });
        await agent.HearError("unknown_type");
        var closing = agent.MustClose(1008);
        await Passes(() => closing.IsCompleted, "it is let go");
        await closing;
    }

    /// <summary>Time passes until something is so.</summary>
    private Task Passes(Func<bool> condition, string what) => Eventually.True(
        () =>
        {
            fleet.Time.Advance(TimeSpan.FromSeconds(11));
            return condition();
        },
        what);
}
