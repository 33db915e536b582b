using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;
using ScriptedAgent = Fleet.Tests.Shared.ScriptedAgent;

namespace Fleet.EndToEnd.Tests.Sockets;

/// <summary>A host whose agent hangs on a socket, as a fleet gets to know it.</summary>
internal static class SocketHost
{
    public const string Password = "a-secret";

    public static async Task<ScriptedAgent> Enrol(FleetUnderTest fleet, string name)
    {
        var asked = FleetJson.Write(new { hostname = name });
        var given = await fleet.Client.Ask<JsonElement>(HttpStatusCode.OK, HttpMethod.Post, "/api/enrollment-tokens", asked);
        var token = given.GetProperty("token").GetString();
        using var stranger = new HttpClient { BaseAddress = fleet.Scripts.Ports.EdgeUrl };
        using var answer = await stranger.PostAsJsonAsync("/api/agents/enroll", new { token, hostname = name });
        var enrolled = FleetJson.Read<JsonElement>(await answer.Must(HttpStatusCode.OK));
        return new ScriptedAgent(name, enrolled.GetProperty("agent_token").GetString()!, fleet.Scripts.Ports.EdgeUrl);
    }

    /// <summary>A repository and a source group, both of the host's name.</summary>
    public static async Task HasSomethingToBackUp(FleetUnderTest fleet, string name)
    {
        await Create(fleet, "/v1/repositories", new { name, url = "rest:https://store.example/" + name, password = Password });
        await Create(fleet, "/v1/source-groups", new { name, agent = name, repository = name, includes = new[] { "/home" } });
    }

    /// <returns>The job's id.</returns>
    public static async Task<string> BackUp(FleetClient client, string name) => (await client.Ask<JsonElement>(
        HttpStatusCode.Accepted, HttpMethod.Post, $"/api/hosts/{name}/jobs",
        FleetJson.Write(new { kind = "backup", args = new[] { name } }))).GetProperty("job_id").GetString()!;

    private static Task<JsonElement> Create(FleetUnderTest fleet, string path, object body) =>
        fleet.Client.Ask<JsonElement>(HttpStatusCode.Created, HttpMethod.Post, path, FleetJson.Write(body));
}
