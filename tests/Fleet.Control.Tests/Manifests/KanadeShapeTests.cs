using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Fleet.Control.Manifests.Kanade;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Tests.Manifests.Support;
using Fleet.Control.Tests.Platform.Support;

namespace Fleet.Control.Tests.Manifests;

/// <summary>Answers of kanade's wire, field by field.</summary>
public sealed class KanadeShapeTests(ManifestFleet fleet) : IClassFixture<ManifestFleet>
{
    private const string Job = """{"id":"shaped","version":"1","execute":{"shell":"sh","timeout":"5s","script":"true"}}""";

    [Theory]
    [InlineData("PUT", "/api/jobs", 405)]
    [InlineData("DELETE", "/api/audit", 405)]
    [InlineData("GET", "/api/results/one/two", 404)]
    [InlineData("GET", "/api/schedules/one/nonsense", 404)]
    [InlineData("POST", "/api/auth/forgotten", 404)]
    public async Task What_is_not_offered_is_a_status_and_no_body(string method, string path, int status) =>
        (await Send(method, path, status, method is "GET" or "DELETE" ? null : "{}")).ShouldBe("");

    [Theory]
    [InlineData("""{"script":"x"}""", 422, "missing field `pc_id`")]
    [InlineData("""{"pc_id":"a"}""", 422, "missing field `script`")]
    [InlineData("""{"pc_id":"a","script":"x","shell":null}""", 422, "shell: invalid type: null")]
    [InlineData("""{"pc_id":"a","script":"x","run_as":"root"}""", 422, "run_as: unknown variant `root`")]
    [InlineData("""{"pc_id":"a","script":"x","timeout_secs":"5"}""", 422, "timeout_secs")]
    [InlineData("""{"pc_id":"a","script":"x","timeout_secs":0}""", 400, "timeout_secs must be from 1")]
    [InlineData("""{"pc_id":"a","script":"x","run_as":"user"}""", 409, "run_as: user means who is logged in")]
    public async Task A_run_that_is_not_meant_so_is_refused_with_what_is_wrong(string body, int status, string why) =>
        (await Send("POST", "/api/run", status, body)).ShouldContain(why);

    [Theory]
    [InlineData("/api/results")]
    [InlineData("/api/executions")]
    [InlineData("/api/runs")]
    [InlineData("/api/agents")]
    [InlineData("/api/audit")]
    public async Task A_list_is_as_long_as_it_is_asked_for(string list)
    {
        await using var agent = await fleet.Agent();
        (await Send("GET", $"{list}?limit=0", 200)).ShouldBe("[]");
        JsonDocument.Parse(await Send("GET", $"{list}?limit=99999999999", 200)).RootElement.GetArrayLength()
            .ShouldBeGreaterThanOrEqualTo(list == "/api/agents" ? 1 : 0);
        foreach (var wrong in (string[])["-1", "1.5", "ten", "99999999999999999999999"])
            (await Send("GET", $"{list}?limit={wrong}", 400)).ShouldBe("Failed to deserialize query string: limit: invalid digit found in string");
    }

    [Fact]
    public async Task What_was_deleted_stays_revoked_when_it_is_posted_again()
    {
        var job = Job.Replace("shaped", "deleted");
        await Send("POST", "/api/jobs", 200, job);
        await Send("DELETE", "/api/jobs/deleted", 204);
        await Send("POST", "/api/jobs", 200, job);
        (await Send("GET", "/api/scripts/status", 200)).ShouldContain("\"deleted\":\"REVOKED\"");
        await Send("POST", "/api/exec/deleted", 409, """{"target":{"all":true}}""");
        await Send("POST", "/api/scripts/deleted/unrevoke", 204);
        await Send("POST", "/api/exec/deleted", 200, """{"target":{"all":true}}""");
    }

    [Fact]
    public void Rows_of_the_audit_have_numbers_in_the_order_of_their_ids()
    {
        var ids = (Guid[])
        [
            new("0193b000-0000-7000-bfff-ffffffffffff"), new("0193b000-0000-7001-8000-000000000000"),
            new("0193b000-0000-7fff-8000-000000000000"), new("0193b000-0001-7000-8000-000000000000"),
        ];
        var numbers = ids.Select(id => KanadeAuditRow.Of(new AuditRow
        {
            Id = id,
            At = DateTimeOffset.UnixEpoch,
            Who = "ada",
            Action = "kanade.exec",
            Method = "POST",
            Path = "/api/exec/x",
            Address = "",
            Status = 200,
        }).Id).ToList();
        numbers.Distinct().Count().ShouldBe(ids.Length);
        numbers.ShouldBeInOrder();
        numbers[^1].ShouldBeLessThan(1L << 53);
    }

    [Fact]
    public async Task An_exec_that_finds_nobody_waits_for_one_and_is_called_expired_after_an_hour()
    {
        await Send("POST", "/api/jobs", 200, Job);
        var exec = JsonDocument.Parse(await Send("POST", "/api/exec/shaped", 200, """{"target":{"pcs":["nobody-there"]}}""")).RootElement;
        exec.GetProperty("target_count").GetInt32().ShouldBe(1);
        exec.GetProperty("subjects").GetRawText().ShouldBe("""["commands.pc.nobody-there"]""");
        var id = exec.GetProperty("exec_id").GetString()!;
        (await Send("GET", $"/api/executions/{id}", 200)).ShouldContain("\"target_count\":1,\"success_count\":0,\"failure_count\":0,\"status\":\"pending\"");
        (await Send("GET", "/api/executions?status=pending", 200)).ShouldContain(id);
        await fleet.House.Do($"update executions set created_at = created_at - interval '2 hours' where id = '{id}'");
        (await Send("GET", $"/api/executions/{id}", 200)).ShouldContain("\"status\":\"expired\"},\"results\":[]}");
        (await Send("GET", "/api/executions?status=expired", 200)).ShouldContain(id);
        (await Send("GET", "/api/executions?status=completed", 200)).ShouldNotContain(id);
    }

    [Fact]
    public async Task Schedules_say_whether_they_are_enabled_and_coverage_leaves_out_what_is_not_known()
    {
        await using var agent = await fleet.Agent();
        await Send("POST", "/api/jobs", 200, Job);
        await Send("POST", "/api/schedules", 200,
            $$$"""{"id":"shaped","job_id":"shaped","when":{"calendar":{"at":"2031-01-01 10:00"}},"target":{"pcs":["{{{agent.Name}}}"]}}""");
        JsonDocument.Parse(await Send("GET", "/api/schedules", 200)).RootElement.EnumerateArray()
            .Single(row => row.GetProperty("id").GetString() == "shaped").GetProperty("enabled").GetBoolean().ShouldBeTrue();
        var coverage = JsonDocument.Parse(await Send("GET", "/api/schedules/shaped/coverage", 200)).RootElement;
        coverage.EnumerateObject().Select(field => field.Name).ShouldBe(
            ["id", "when", "job_id", "runs_on", "total", "ok", "fail", "running", "pending", "agents"]);
        coverage.GetProperty("agents").GetRawText().ShouldBe($$"""[{"pc_id":"{{agent.Name}}","state":"pending"}]""");
        var preview = JsonDocument.Parse(await Send("GET", "/api/schedules/shaped/preview?count=0", 200)).RootElement;
        preview.EnumerateObject().Select(field => field.Name).ShouldBe(["id", "when", "tz", "enabled", "fires"]);
        preview.GetProperty("fires").GetArrayLength().ShouldBe(1);
        using var yaml = await fleet.Http.GetAsync("/api/schedules/shaped/yaml");
        yaml.Content.Headers.ContentType!.ToString().ShouldBe("application/yaml");
        await Send("DELETE", "/api/schedules/shaped", 204);
    }

    private async Task<string> Send(string method, string path, int status, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        }

        return await LoginTests.Text(fleet.Http.SendAsync(request), status);
    }
}
