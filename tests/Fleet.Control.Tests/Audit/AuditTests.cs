using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Control.Tests.Agents.Support;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Fleet.Control.Tests.Audit;

/// <summary>Every write is in the audit, with the key that did it, refused ones too.</summary>
public sealed class AuditTests(TestFleet fleet) : IClassFixture<TestFleet>
{
    private const string Admin = "first admin key";

    private static readonly string[] Reads = ["GET", "HEAD", "OPTIONS"];

    [Fact]
    public async Task Every_route_that_writes_leaves_a_row_whoever_asks()
    {
        using var stranger = fleet.With(null);
        using var viewer = await fleet.WithScopes("jobs:read");
        var routes = (
            from route in fleet.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            where !Reads.Contains(method)
            select (Route: route, Method: method)).ToList();
        routes.Count.ShouldBeGreaterThan(25);
        foreach (var (route, method) in routes)
        {
            foreach (var (who, http) in (IEnumerable<(string, HttpClient)>)[("unknown", stranger), ("test", viewer), (Admin, fleet.Http)])
            {
                var (status, row) = await Send(http, method, PathOf(route));
                var what = $"{method} {route.RoutePattern.RawText} by {who}";
                row.ValueKind.ShouldBe(JsonValueKind.Object, what);
                row.GetProperty("status").GetInt32().ShouldBe(status, what);
                var isOpen = route.Metadata.GetMetadata<IAllowAnonymous>() is not null;
                row.GetProperty("who").GetString().ShouldBe(isOpen ? "unknown" : who, what);
                row.GetProperty("route").GetString().ShouldBe(route.RoutePattern.RawText, what);
                row.GetProperty("action").GetString()!.ShouldMatch("^[a-z_]+\\.[a-z_]+$", what);
                if (status >= 400)
                    row.GetProperty("code").GetString().ShouldNotBeNullOrEmpty(what);
            }
        }
    }

    [Fact]
    public async Task A_submission_says_who_what_when_from_where_and_with_which_result()
    {
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-2);
        var (status, row, answer) = await Post(fleet.Http, "/v1/jobs", new { kind = "noop", target = new { agent = "nobody" } });
        status.ShouldBe(202);
        row.GetProperty("action").GetString().ShouldBe("job.submit");
        row.GetProperty("objects").EnumerateArray().Select(one => one.GetString()).ShouldBe([answer.GetProperty("job_id").GetString()]);
        row.GetProperty("at").GetDateTimeOffset().ShouldBeGreaterThan(before);
        row.GetProperty("address").GetString().ShouldBe("127.0.0.1");
        row.GetProperty("tenant").GetString().ShouldBe("default");
        row.GetProperty("method").GetString().ShouldBe("POST");
        row.GetProperty("path").GetString()!.TrimEnd('/').ShouldBe("/v1/jobs");
        row.GetProperty("trace_id").GetString().ShouldNotBeNullOrEmpty();
        row.GetProperty("count").GetInt32().ShouldBe(1);
        var me = await fleet.Get("/v1/whoami");
        row.GetProperty("key_id").GetString().ShouldBe(me.GetProperty("key_id").GetString());
    }

    [Fact]
    public async Task A_list_is_one_row_with_all_its_jobs()
    {
        var job = new { kind = "noop", target = new { agent = "nobody" } };
        var (_, row, answer) = await Post(fleet.Http, "/v1/jobs", new[] { job, job, job });
        row.GetProperty("objects").EnumerateArray().Select(one => one.GetString())
            .ShouldBe(answer.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("job_id").GetString()));
    }

    [Fact]
    public async Task A_repeated_request_is_a_write_of_its_own_that_did_nothing()
    {
        var key = Guid.NewGuid().ToString();
        var job = new { kind = "noop", target = new { agent = "nobody" } };
        var (_, first, _) = await Post(fleet.Http, "/v1/jobs", job, ("Idempotency-Key", key));
        var (_, second, _) = await Post(fleet.Http, "/v1/jobs", job, ("Idempotency-Key", key));
        var (status, third, _) = await Post(fleet.Http, "/v1/jobs", new { kind = "noop" }, ("Idempotency-Key", key));
        first.GetProperty("code").ValueKind.ShouldBe(JsonValueKind.Null);
        second.GetProperty("code").GetString().ShouldBe("replayed");
        status.ShouldBe(422);
        third.GetProperty("code").GetString().ShouldBe("idempotency_key_reused");
    }

    [Fact]
    public async Task A_dry_run_says_that_it_was_one()
    {
        var (status, row, _) = await Post(fleet.Http, "/v1/jobs?dry_run=true", new { kind = "noop" });
        status.ShouldBe(200);
        row.GetProperty("code").GetString().ShouldBe("dry_run");
    }

    [Fact]
    public async Task What_is_wrong_or_has_no_route_is_in_it_as_well()
    {
        var (status, row, _) = await Post(fleet.Http, "/v1/jobs", new { kind = "nonsense" });
        (status, row.GetProperty("code").GetString()).ShouldBe((400, "invalid_field"));
        (status, row, _) = await Post(fleet.Http, "/v1/no/such/page\u00e9", new { });
        (status, row.GetProperty("code").GetString(), row.GetProperty("action").GetString()).ShouldBe((404, "not_found", "none"));
        row.GetProperty("path").GetString().ShouldBe("/v1/no/such/page\u00e9");
        (status, row) = await Send(fleet.Http, "PUT", "/v1/jobs");
        (status, row.GetProperty("code").GetString()).ShouldBe((405, "method_not_allowed"));
        (status, row) = await Send(fleet.Http, "FROBNICATEFROBNICATEFROBNICATE", "/v1/jobs/" + new string('x', 3000));
        row.GetProperty("method").GetString()!.Length.ShouldBe(20);
        row.GetProperty("path").GetString()!.Length.ShouldBe(500);
    }

    [Fact]
    public async Task The_address_is_the_one_that_the_edge_saw()
    {
        (await AddressOf(fleet.Http, ("Fleet-Caller", "203.0.113.7"))).ShouldBe("203.0.113.7");
        (await AddressOf(fleet.Http, ("Fleet-Caller", "203.0.113.7;proxied"))).ShouldBe("203.0.113.7");
        (await AddressOf(fleet.Http, ("Fleet-Caller", "nowhere"))).ShouldBe("127.0.0.1");
        (await AddressOf(fleet.Http, ("X-Forwarded-For", "203.0.113.7"))).ShouldBe("127.0.0.1");
        using var far = await fleet.Control(("Edges:Trusted:0", "192.0.2.0/24"));
        (await AddressOf(far, ("Fleet-Caller", "203.0.113.7"))).ShouldBe("127.0.0.1");

        async Task<string?> AddressOf(HttpClient http, (string, string) header)
        {
            var (_, row, _) = await Post(http, "/v1/jobs", new { }, header);
            return row.GetProperty("address").GetString();
        }
    }

    [Fact]
    public async Task A_host_that_is_let_in_is_the_agent_that_it_became()
    {
        var name = fleet.NewName();
        using var host = fleet.With(await fleet.EnrolmentToken(new { name }));
        var (status, row, answer) = await Post(host, $"/v1/agents/{name}/enrolment", new { });
        status.ShouldBe(201);
        row.GetProperty("agent").GetString().ShouldBe(name);
        row.GetRawText().ShouldNotContain(answer.GetProperty("agent_token").GetString()!);

        using var agent = fleet.With(answer.GetProperty("agent_token").GetString());
        (_, row) = await Send(agent, "PUT", "/v1/attempts/01ARZ3NDEKTSV4RRFFQ69G5FAV/1/artifacts/a.txt");
        (row.GetProperty("who").GetString(), row.GetProperty("agent").GetString()).ShouldBe((name, name));
        row.GetProperty("action").GetString().ShouldBe("artifact.put");
    }

    [Fact]
    public async Task It_is_asked_by_key_agent_action_path_status_and_time()
    {
        var job = await fleet.Submit(new { kind = "noop", target = new { agent = "nobody" } });
        await Post(fleet.Http, $"/v1/jobs/{job}/cancellation", new { });
        await Post(fleet.Http, $"/v1/jobs/{job}/hold", new { });
        using var viewer = await fleet.WithScopes("jobs:read");
        await Post(viewer, $"/v1/jobs/{job}/hold", new { });

        (await Actions($"path=/v1/jobs/{job}")).ShouldBe(["job.hold", "job.hold", "job.cancel"]);
        (await Actions($"path=/v1/jobs/{job}&status=4xx")).ShouldBe(["job.hold"]);
        (await Actions($"path=/v1/jobs/{job}&status=403")).ShouldBe(["job.hold"]);
        (await Actions($"path=/v1/jobs/{job}&status=202&action=job.cancel&key={Admin}")).ShouldBe(["job.cancel"]);
        var me = (await fleet.Get("/v1/whoami")).GetProperty("key_id").GetString();
        (await Actions($"path=/v1/jobs/{job}&key={me}&since=2020-01-01")).ShouldBe(["job.hold", "job.cancel"]);
        (await Actions($"path=/v1/jobs/{job}&until=2020-01-01")).ShouldBeEmpty();
        (await Actions($"path=/v1/jobs/{job}&agent=nobody")).ShouldBeEmpty();
        foreach (var wrong in (string[])["status=abc", "since=yesterday", "colour=red", "key=a&key=b", "cursor=?"])
        {
            using var answer = await fleet.Http.GetAsync($"/v1/audit?{wrong}");
            (await answer.Problem(400, "invalid_field")).GetProperty("errors").TryGetProperty(wrong.Split('=')[0], out _).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task The_export_has_every_row_once_and_goes_on_behind_any()
    {
        await fleet.Submit(new { kind = "noop", target = new { agent = "nobody" } });
        await fleet.Submit(new { kind = "noop", target = new { agent = "nobody" } });
        var lines = await Export("");
        lines.Count.ShouldBeGreaterThan(2);
        lines.ShouldBe(lines.Distinct().Order(StringComparer.Ordinal));
        (await Export($"cursor={lines[0]}"))[..(lines.Count - 1)].ShouldBe(lines[1..]);
        using var wrong = await fleet.Http.GetAsync("/v1/audit/export?cursor=x");
        await wrong.Problem(400, "invalid_field");
    }

    [Fact]
    public async Task Pages_go_on_where_the_one_before_ended()
    {
        for (var i = 0; i < 5; i++)
            await fleet.Submit(new { kind = "noop", target = new { agent = "nobody" } });
        var ids = new List<string>();
        string? cursor = null;
        for (var i = 0; i < 3; i++)
        {
            var page = await fleet.Get($"/v1/audit?action=job.submit&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("audit_id").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }

        ids.Count.ShouldBeGreaterThanOrEqualTo(5);
        ids.ShouldBe(ids.Distinct().OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Admins_of_a_tenant_see_its_rows_and_others_none()
    {
        using var operators = await fleet.WithScopes("jobs:read", "jobs:create", "jobs:update", "agents:manage");
        using var refused = await operators.GetAsync("/v1/audit");
        await refused.Problem(403, "forbidden");
        using var made = await fleet.Http.PostAsJsonAsync("/v1/api-keys", new { name = "theirs", tenant = "other", role = "admin" });
        using var theirs = fleet.With((await made.Json(201)).GetProperty("key").GetString());
        await Post(theirs, "/v1/jobs", new { kind = "noop" });
        using var answer = await theirs.GetAsync("/v1/audit");
        (await answer.Json(200)).GetProperty("items").EnumerateArray()
            .Select(row => row.GetProperty("who").GetString()).ShouldBe(["theirs"]);
    }

    [Fact]
    public async Task Reading_leaves_nothing()
    {
        var before = await fleet.House.Ask<long>("select count(*) from audit where method in ('GET', 'HEAD')");
        await fleet.Get("/v1/jobs");
        before.ShouldBe(0);
        (await fleet.House.Ask<long>("select count(*) from audit where method in ('GET', 'HEAD')")).ShouldBe(0);
    }

    private async Task<List<string>> Export(string query)
    {
        var text = await fleet.Http.GetStringAsync($"/v1/audit/export?{query}");
        text.ShouldEndWith("\n");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("audit_id").GetString()!)];
    }

    private async Task<List<string?>> Actions(string query) =>
        [.. (await fleet.Get($"/v1/audit?{query}")).GetProperty("items").EnumerateArray()
            .Select(row => row.GetProperty("action").GetString())];

    private async Task<(int Status, JsonElement Row)> Send(HttpClient http, string method, string path)
    {
        var (status, row, _) = await Send(http, new HttpRequestMessage(new HttpMethod(method), path));
        return (status, row);
    }

    private Task<(int Status, JsonElement Row, JsonElement Answer)> Post(
        HttpClient http, string path, object body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return Send(http, request);
    }

    /// <summary>The row is there when the answer is.</summary>
    private async Task<(int Status, JsonElement Row, JsonElement Answer)> Send(HttpClient http, HttpRequestMessage request)
    {
        var id = Guid.NewGuid().ToString("N");
        request.Headers.Add("X-Request-Id", id);
        using var answer = await http.SendAsync(request);
        var rows = await fleet.House.Ask<long>("select count(*) from audit where request_id = $1", id);
        rows.ShouldBe(1, $"{request.Method} {request.RequestUri}");
        var text = await answer.Content.ReadAsStringAsync();
        var listed = await fleet.Get("/v1/audit?limit=20");
        return (
            (int)answer.StatusCode,
            listed.GetProperty("items").EnumerateArray().Single(row => row.GetProperty("request_id").GetString() == id),
            answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
                ? JsonDocument.Parse(text).RootElement
                : default);
    }

    /// <summary>A path that the route takes, about nothing that exists.</summary>
    private static string PathOf(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart text => text.Content,
            RoutePatternParameterPart { Name: "attempt" } => "1",
            RoutePatternParameterPart { Name: "name" } => "nobody",
            RoutePatternParameterPart => "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            _ => throw new InvalidOperationException(route.RoutePattern.RawText),
        }))));
}
