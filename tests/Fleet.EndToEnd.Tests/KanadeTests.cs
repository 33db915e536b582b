using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>One day of an operator with kanade's client: through the edge, with a login, on real hosts.</summary>
[Collection(OneControl.Name)]
public sealed class KanadeTests(OneControl fleet)
{
    private const string Job =
        """
        # what is on this host?
        id: e2e-report
        version: "1.0"
        description: >-
          says where it runs
        execute:
          shell: sh
          timeout: 1m
          script: |
            echo "report of $FLEET_PARAM_TOPIC"; echo careful >&2
            test ! -e "$PWD/never"
        parameters:
          - name: topic
            default: disks
        collect: {kept: [as, "it", 1.50]}
        """;

    private const string Slow = "id: e2e-slow\nversion: '1'\nexecute: {shell: sh, timeout: 2m, script: 'echo begun; sleep 100'}\n";

    [Fact]
    public async Task A_day_with_kanades_client()
    {
        var token = await LogIn();
        using var client = fleet.ClientWith(token);
        (await Ask(client, HttpMethod.Get, "/api/auth/me")).ShouldBe("""{"username":"e2e","role":"operator"}""");
        (await Ask(client, HttpMethod.Post, "/api/jobs", Job, "application/yaml"))
            .ShouldBe("""{"id":"e2e-report","version":"1.0","description":"says where it runs","inventory":false}""");
        (await Ask(client, HttpMethod.Get, "/api/jobs/e2e-report/yaml")).ShouldBe(Job);
        await Ask(client, HttpMethod.Put, $"/api/agents/{FleetScripts.Wide}/groups", """{"groups":["e2e"]}""");
        await Ask(client, HttpMethod.Put, $"/api/agents/{FleetScripts.Narrow}/groups", """{"groups":["e2e","e2e-narrow"]}""");
        (await Ask(client, HttpMethod.Post, $"/api/agents/{FleetScripts.Wide}/ping")).ShouldContain("\"heartbeat\"");

        var exec = await Exec(client, "e2e-report", """{"target":{"groups":["e2e","e2e-narrow"]}}""");
        await Becomes(client, exec, "completed");
        var results = Json(await Ask(client, HttpMethod.Get, $"/api/results?exec_id={exec}&stdout=(?m)^report%20of%20d.*s$&status=success"));
        results.EnumerateArray().Select(row => row.GetProperty("pc_id").GetString())
            .ShouldBe([FleetScripts.Wide, FleetScripts.Narrow], ignoreOrder: true);
        results[0].GetProperty("stderr").GetString().ShouldBe("careful\n");

        await Ask(client, HttpMethod.Post, "/api/jobs", Slow, "text/yaml");
        var slow = await Exec(client, "e2e-slow", $$$"""{"target":{"pcs":["{{{FleetScripts.Wide}}}"]}}""");
        JsonElement running = default;
        await Eventually.True(async () =>
        {
            running = Json(await Ask(client, HttpMethod.Get, $"/api/results?status=running&exec_id={slow}"));
            return running.GetArrayLength() == 1;
        }, "it runs");
        var id = running[0].GetProperty("result_id").GetString();
        await Eventually.True(
            async () => (await Ask(client, HttpMethod.Get, $"/api/results/{id}/tail")).Contains("\"live\":true,\"stdout\":\"begun\\n\"", StringComparison.Ordinal),
            "what it wrote is seen while it runs");
        await Ask(client, HttpMethod.Post, "/api/jobs/e2e-slow/kill", status: HttpStatusCode.NoContent);
        await Becomes(client, slow, "completed");
        Json(await Ask(client, HttpMethod.Get, $"/api/results/{id}")).GetProperty("exit_code").GetInt32().ShouldBe(-1);

        var run = Json(await Ask(
            client, HttpMethod.Post, "/api/run", $$"""{"pc_id":"{{FleetScripts.Narrow}}","script":"echo by itself; exit 3","shell":"sh"}"""));
        (run.GetProperty("exit_code").GetInt32(), run.GetProperty("stdout").GetString()).ShouldBe((3, "by itself\n"));
        (await Ask(client, HttpMethod.Get, "/api/results?stdout=(a)%5C1", status: HttpStatusCode.BadRequest)).ShouldStartWith("invalid regex");
        await Ask(client, HttpMethod.Delete, "/api/jobs/e2e-slow", status: HttpStatusCode.NoContent);
        (await Ask(client, HttpMethod.Post, "/api/exec/e2e-slow", """{"target":{"all":true}}""", status: HttpStatusCode.NotFound))
            .ShouldBe("job 'e2e-slow' not found");
    }

    private async Task<string> LogIn()
    {
        await fleet.Client.Ask<JsonElement>(
            HttpStatusCode.Created, HttpMethod.Post, "/v1/accounts", """{"username":"e2e","password":"a long one","role":"operator"}""");
        using var nobody = fleet.ClientWith("");
        (await Ask(nobody, HttpMethod.Post, "/api/auth/login", """{"username":"e2e","password":"wrong"}""", status: HttpStatusCode.Unauthorized))
            .ShouldBe("invalid credentials");
        return Json(await Ask(nobody, HttpMethod.Post, "/api/auth/login", """{"username":"e2e","password":"a long one"}"""))
            .GetProperty("token").GetString()!;
    }

    private static async Task<string> Exec(FleetClient client, string job, string body) =>
        Json(await Ask(client, HttpMethod.Post, $"/api/exec/{job}", body)).GetProperty("exec_id").GetString()!;

    private static Task Becomes(FleetClient client, string execution, string status) => Eventually.True(
        async () => (await Ask(client, HttpMethod.Get, $"/api/executions/{execution}")).Contains($"\"status\":\"{status}\"", StringComparison.Ordinal),
        $"the execution is {status}");

    private static async Task<string> Ask(
        FleetClient client, HttpMethod method, string path, string? body = null, string type = "application/json",
        HttpStatusCode status = HttpStatusCode.OK)
    {
        var content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content?.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await client.Send(method, new Uri(path, UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        return text;
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
