using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Notebooks;
using Fleet.Contracts.Work;
using Fleet.Control.Tests.Experiments.Support;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Packets;

namespace Fleet.Control.Tests.Notebooks;

/// <summary>Notebooks over both doors, with agents that tell what they like.</summary>
public sealed class NotebookTests(NotebookFleet fleet) : IClassFixture<NotebookFleet>
{
    private static readonly AttemptResult Cancelled = new(AttemptOutcome.Cancelled, ErrorCode: AttemptErrors.Cancelled);

    [Theory]
    [InlineData("/v1/notebooks", "agnet")]
    [InlineData("/v1/notebooks/01ARZ3NDEKTSV4RRFFQ69G5FAV/restart", "name")]
    public async Task A_field_that_nobody_knows_is_refused(string path, string field)
    {
        using var answer = await fleet.Http.PostAsJsonAsync(path, new Dictionary<string, string> { [field] = "worker-1" });
        (await answer.Problem(400, "invalid_field")).Sentence(field).ShouldBe("There is no such field here.");
    }

    [Fact]
    public async Task A_notebook_goes_its_way_over_the_binary_socket()
    {
        await using var agent = await fleet.Host();
        agent.Answers = question => question.Operation == AskAgent.Packages ? """[{"name":"numpy","version":"1.0"}]""" : "";
        await using var client = await fleet.Client("jupyter:manage", "jupyter:read");
        var name = $"nb{Guid.NewGuid():N}";
        var made = (await Start(client, name, "lab", "")).GetProperty("service");
        var id = made.GetProperty("notebook_id").GetString()!;
        (made.GetProperty("state").GetString(), made.GetProperty("agent").GetString(), made.GetProperty("workspace").GetString())
            .ShouldBe(("starting", agent.Name, "lab"));
        made.GetProperty("token").GetString()!.ShouldStartWith("fleet_nb_");
        var twice = await client.Error(Opcode.StartNotebook, name, PacketClient.Long(""), PacketClient.Long(""));
        twice.Code.ShouldBe(PacketError.AlreadyRunning);

        var run = await agent.NextRun();
        var spec = SpecJson.Read<NotebookSpec>(run.SpecJson!);
        (run.Kind, spec.Workspace, spec.BasePath, spec.Purge).ShouldBe((NotebookSpec.Kind, "lab", $"/notebooks/{id}/", false));
        await agent.Deliver(new AttemptReport(run.WorkId, run.Kind, run.Attempt, Started: true));
        (await State(client, id)).ShouldBe("starting");
        await agent.Deliver(new AttemptReport(run.WorkId, run.Kind, run.Attempt, Progress: new ProgressReport(1, "listening")));
        (await State(client, id)).ShouldBe("running");
        (await client.Data("packages", Opcode.NotebookPackages, name)).GetRawText().ShouldBe("""[{"name":"numpy","version":"1.0"}]""");

        await client.Success(Opcode.StopNotebook, id);
        (await State(client, id)).ShouldBe("stopping");
        await agent.Deliver(new AttemptReport(run.WorkId, run.Kind, run.Attempt, Finished: Cancelled));
        (await State(client, id)).ShouldBe("stopped");
        (await Start(client, name, "", "a-password-of-mine")).GetProperty("service").TryGetProperty("token", out _).ShouldBeFalse();
        var again = await agent.NextRun();
        SpecJson.Read<NotebookSpec>(again.SpecJson!).ShouldBe(spec, "the same files");

        await client.Success(Opcode.RemoveNotebook, id, (byte)0);
        (await client.Success(Opcode.ListNotebooks)).GetProperty("count").GetInt32().ShouldBe(0);
        (await client.Error(Opcode.StopNotebook, name)).Code.ShouldBe(PacketError.NotFound);
        (await client.Success(Opcode.RestoreNotebook, name)).GetProperty("service").GetProperty("notebook_id").GetString().ShouldBe(id);
        await client.Success(Opcode.RemoveNotebook, id, (byte)1);
        (await client.Error(Opcode.RestoreNotebook, name)).Code.ShouldBe(PacketError.NotFound);
        agent.Runs.ShouldBeEmpty("its files are in use until its server has ended");
        await agent.Deliver(new AttemptReport(again.WorkId, again.Kind, again.Attempt, Finished: Cancelled));
        SpecJson.Read<NotebookSpec>((await agent.NextRun()).SpecJson!).ShouldBe(spec with { Purge = true });
    }

    [Fact]
    public async Task Without_an_agent_that_has_notebooks_none_starts()
    {
        using var other = await Other("elsewhere");
        using var refused = await other.PostAsJsonAsync("/v1/notebooks", new { name = "x", agent = "nobody" });
        (await refused.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty("agent", out _).ShouldBeTrue();
        using var job = await fleet.Http.PostAsJsonAsync("/v1/jobs", new { kind = "notebook" });
        await job.Problem(400, "invalid_field");
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"x","workspace":"../y"}""", "workspace")]
    [InlineData("""{"name":"x","workspace":"/y"}""", "workspace")]
    [InlineData("""{"name":"x","token":"short"}""", "token")]
    [InlineData("""{"name":"x","agent":"No Name"}""", "agent")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        using var answer = await fleet.Http.PostAsync("/v1/notebooks", new StringContent(body, Encoding.UTF8, "application/json"));
        (await answer.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_is_shown_its_own_secret_and_none_of_the_callers()
    {
        await using var agent = await fleet.Host();
        var (id, token) = await fleet.Running(agent);
        using var stranger = await Other("default");
        (await stranger.GetAsync($"/notebooks/{id}/api")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.GetAsync($"/notebooks/{id}/api?token={token}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "its key counts");
        using var nobody = fleet.With(null);
        (await nobody.GetAsync($"/notebooks/{id}/api?token=guess")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/notebooks/{id}/api?token={token}&x=1");
        request.Headers.Add("Cookie", "session=callers");
        var asking = nobody.SendAsync(request);
        OpenTunnel? wanted = null;
        await Eventually.True(() => agent.Tunnels.TryDequeue(out wanted), "a tunnel is wanted");
        await using var thief = await fleet.Host();
        (await fleet.Dial(thief, agent.Name, wanted!.Tunnel)).ShouldBeNull("it is another agent's");
        (await fleet.Dial(agent, agent.Name, Guid.NewGuid())).ShouldBeNull("nobody waits for it");
        using var socket = (await fleet.Dial(agent, agent.Name, wanted!.Tunnel))!;
        var said = await Request(socket);
        said.ShouldStartWith($"GET /notebooks/{id}/api?x=1 HTTP/1.1\r\n");
        said.ShouldContain("Authorization: token secret-of-the-run\r\n");
        said.ShouldNotContain("callers");
        said.ShouldNotContain(token);
        var page = "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nClear-Site-Data: *\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();
        await socket.SendAsync(page, WebSocketMessageType.Binary, true, default).Within();
        using var answer = await asking.Within();
        (await answer.Content.ReadAsStringAsync()).ShouldBe("ok");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        answer.Headers.Contains("Clear-Site-Data").ShouldBeFalse();
        answer.Headers.GetValues("Content-Security-Policy").ShouldContain("sandbox allow-scripts");
    }

    [Fact]
    public async Task A_notebooks_job_is_not_repeated_beside_it()
    {
        await using var agent = await fleet.Host();
        var (id, _) = await fleet.Running(agent);
        using var shown = await fleet.Http.GetAsync($"/v1/notebooks/{id}");
        var job = (await shown.Json(200)).GetProperty("job_id").GetString();
        using var refused = await fleet.Http.PostAsync($"/v1/jobs/{job}/retry", null);
        await refused.Problem(409, "not_repeatable");
    }

    private static Task<JsonElement> Start(PacketClient client, string name, string workspace, string password) =>
        client.Success(Opcode.StartNotebook, name, PacketClient.Long(workspace), PacketClient.Long(password));

    private static async Task<string> State(PacketClient client, string id) =>
        (await client.Success(Opcode.ListNotebooks)).GetProperty("services").EnumerateArray()
            .Single(one => one.GetProperty("notebook_id").GetString() == id).GetProperty("state").GetString()!;

    private async Task<HttpClient> Other(string tenant) =>
        fleet.With(await fleet.Key(["jupyter:manage", "jupyter:read"], tenant: tenant));

    private static async Task<string> Request(ClientWebSocket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[64 * 1024]);
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var part = await socket.ReceiveAsync(buffer, default).Within();
            text.Append(Encoding.ASCII.GetString(buffer, 0, part.Count));
        }

        return text.ToString();
    }
}
