using System.Net.Http.Json;
using Fleet.Control.Agents.Enrolment;
using Fleet.Control.Tests.Agents.Socket.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Agents.Socket;

/// <summary>How restic-manager's agents are let in.</summary>
public sealed class HostEnrolmentTests(SocketFleet fleet) : IClassFixture<SocketFleet>
{
    [Fact]
    public async Task A_host_turns_its_token_into_an_agents_own_once()
    {
        var name = fleet.NewName();
        using var made = await fleet.Http.PostAsJsonAsync("/api/enrollment-tokens", new { hostname = name.ToUpperInvariant() + ".example", tags = new[] { "prod" } });
        var token = (await made.Json(200)).GetProperty("token").GetString();
        using var stranger = fleet.With(null);
        using var enrolled = await stranger.PostAsJsonAsync("/api/agents/enroll", new { token, hostname = "whatever", os = "linux" });
        var host = await enrolled.Json(200);
        host.GetProperty("host_id").GetString().ShouldBe(name + "-example");
        host.GetProperty("agent_token").GetString()!.ShouldStartWith("fleet_agent_");
        (await fleet.Get($"/v1/agents/{name}-example")).GetProperty("labels").GetProperty("prod").GetString().ShouldBe("true");

        using var again = await stranger.PostAsJsonAsync("/api/agents/enroll", new { token, hostname = name });
        var refused = await again.Json(401);
        refused.GetProperty("code").GetString().ShouldBe("enrolment_invalid");
        refused.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("Web-1.Example.COM", "web-1-example-com")]
    [InlineData("  host_7 ", "host-7")]
    [InlineData("--", null)]
    [InlineData("enroll", null)]
    [InlineData("", null)]
    public void A_host_is_called_after_its_name(string hostname, string? name) =>
        HostEnrolmentEndpoints.NameOf(hostname).ShouldBe(name);

    [Fact]
    public async Task What_a_token_cannot_bring_is_refused_in_words()
    {
        using var made = await fleet.Http.PostAsJsonAsync("/api/enrollment-tokens", new { hostname = "web", repo_url = "rest:https://store" });
        (await made.Json(400)).GetProperty("message").GetString()!.ShouldContain("/v1/repositories");
    }

    [Fact]
    public async Task No_agent_is_called_like_a_route()
    {
        using var answer = await fleet.Http.PostAsJsonAsync("/v1/agents/enrolments", new { name = "enroll" });
        await answer.Problem(400, "invalid_field");
    }
}
