using System.Net;
using Fleet.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Fleet.Edge.Tests.Controls;

public sealed class ControlRoutesTests
{
    [Theory]
    [InlineData("/v1/jobs?limit=5&x=%20y", "/v1/jobs?limit=5&x=%20y")]
    [InlineData("/v1/jobs/01J/artifacts/a%20b%C3%A4", "/v1/jobs/01J/artifacts/a%20b%C3%A4")]
    [InlineData("/openapi/v1.json", "/openapi/v1.json")]
    [InlineData("/docs/", "/docs/")]
    [InlineData("/docs/scalar.js", "/docs/scalar.js")]
    [InlineData("/jobs", "/jobs")]
    [InlineData("/jobs/01J/artifacts/x.txt?a=b", "/jobs/01J/artifacts/x.txt?a=b")]
    [InlineData("/jobs/01J/events?after=3", "/v1/jobs/01J/events?after=3")]
    [InlineData("/jobs/01J/log", "/v1/jobs/01J/log")]
    [InlineData("/api/chat", "/api/chat")]
    [InlineData("/v1/chat/completions", "/v1/chat/completions")]
    [InlineData("/v1/responses", "/v1/responses")]
    [InlineData("/v1/responses/resp_01J?stream=true", "/v1/responses/resp_01J?stream=true")]
    [InlineData("/v1/models/a/b:7b", "/v1/models/a/b:7b")]
    [InlineData("/api/paliadin/history?session=a", "/api/paliadin/history?session=a")]
    [InlineData("/api/paliadin/stream/x", "/api/paliadin/stream/x")]
    [InlineData("/api/paliadin/turns/x/recover", "/api/paliadin/turns/x/recover")]
    [InlineData("/api/paliadin/nothing/at/all", "/api/paliadin/nothing/at/all")]
    [InlineData("/api/admin/paliadin/stats", "/api/admin/paliadin/stats")]
    [InlineData("/paliadin", "/paliadin")]
    [InlineData("/paliadin/chat.js", "/paliadin/chat.js")]
    [InlineData("/admin/paliadin", "/admin/paliadin")]
    [InlineData("/ws/agent", "/ws/agent")]
    [InlineData("/ws", "/ws")]
    [InlineData("/v1/experiments/00ff/archive", "/v1/experiments/00ff/archive")]
    [InlineData("/v1/experiments/00ff/files/lib/a.txt?sha256=00", "/v1/experiments/00ff/files/lib/a.txt?sha256=00")]
    [InlineData("/api/hosts/web-1/snapshots", "/api/hosts/web-1/snapshots")]
    [InlineData("/api/jobs/01J/stream", "/api/jobs/01J/stream")]
    [InlineData("/api/hosts/web-1/jobs", "/api/hosts/web-1/jobs", "PATCH")]
    [InlineData("/api/enrollment-tokens", "/api/enrollment-tokens")]
    [InlineData("/sign-in", "/sign-in")]
    [InlineData("/api/auth/login", "/api/auth/login", "POST")]
    [InlineData("/api/auth/me", "/api/auth/me")]
    [InlineData("/api/results?limit=5&stdout=a%2Bb", "/api/results?limit=5&stdout=a%2Bb")]
    [InlineData("/api/results/x/tail", "/api/results/x/tail")]
    [InlineData("/api/executions/x", "/api/executions/x")]
    [InlineData("/api/exec/hello", "/api/exec/hello", "POST")]
    [InlineData("/api/run", "/api/run", "POST")]
    [InlineData("/api/runs", "/api/runs")]
    [InlineData("/api/jobs", "/api/jobs")]
    [InlineData("/api/jobs/hello/yaml", "/api/jobs/hello/yaml")]
    [InlineData("/api/jobs/hello/kill", "/api/jobs/hello/kill", "POST")]
    [InlineData("/api/scripts/hello/revoke", "/api/scripts/hello/revoke", "POST")]
    [InlineData("/api/schedules/x/preview?count=3", "/api/schedules/x/preview?count=3")]
    [InlineData("/api/agents", "/api/agents")]
    [InlineData("/api/agents/web-1/groups/canary", "/api/agents/web-1/groups/canary", "DELETE")]
    [InlineData("/api/agents/web-1/logs?tail=5", "/api/agents/web-1/logs?tail=5")]
    [InlineData("/api/agents/web-1/ping?wait_secs=1", "/api/agents/web-1/ping?wait_secs=1", "POST")]
    [InlineData("/api/freeze", "/api/freeze")]
    [InlineData("/api/audit", "/api/audit")]
    [InlineData("/api/schemas/manifest.json", "/api/schemas/manifest.json")]
    [InlineData("/healthz", "/healthz")]
    [InlineData("/", "/")]
    public async Task Public_paths_reach_Control(string path, string target, string method = "GET")
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("control"));
        await using var door = new Door([control.Address]);
        using var answer = await door.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        (await answer.Content.ReadAsStringAsync()).ShouldBe("control");
        control.Requests.Last().Target.ShouldBe(target);
    }

    [Fact]
    public async Task Foreign_paths_are_not_found_and_reach_nobody()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("control"));
        await using var door = new Door([control.Address]);
        foreach (var path in (string[])["/internal/reports", "/favicon.ico", "/v2/jobs", "/jobsx", "/v1x/jobs", "/ws/x", "/ws/agent/x"])
            await (await door.Http.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        foreach (var path in (string[])["/api/x", "/api", "/api/pull", "/api/jobsx"]) // as Ollama's clients know errors
        {
            using var answer = await door.Http.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await answer.Content.ReadAsStringAsync()).ShouldStartWith("{\"error\":");
        }

        foreach (var path in (string[])["/api/jobs/01J/streams", "/api/agents/web-1/x", "/api/exec"]) // as kanade's
        {
            using var answer = await door.Http.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await answer.Content.ReadAsStringAsync()).ShouldBe("There is nothing at this address.\n");
        }

        using (var answer = await door.Http.GetAsync("/api/hosts/web-1/x")) // as restic-manager's
            (await answer.Content.ReadAsStringAsync()).ShouldStartWith("{\"code\":\"not_found\",\"message\":");
        await (await door.Http.PostAsync("/internal/x", null)).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        control.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/../internal/x")]
    [InlineData("/v1/%2e%2e/internal/x")]
    [InlineData("/v1/%252e%252e/internal/x")]
    [InlineData("/v1/..%2finternal/x")]
    [InlineData("/v1/..%5cinternal/x")]
    [InlineData("/v1/..\\internal/x")]
    [InlineData("/jobs/..%2f..%2finternal/x")]
    [InlineData("/jobs/../../internal/x")]
    [InlineData("//internal/x")]
    [InlineData("/v1//../../internal/x")]
    public async Task No_trick_with_dots_leads_out_of_the_public_paths(string target)
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync(http.Request.Path));
        await using var door = new Door([control.Address]);
        await RawHttp.Get(door.Address, target);
        foreach (var request in control.Requests)
        {
            // What Control's own server would make of it: the path after it took dots and escapes away.
            var seen = new Uri(new Uri(control.Address), request.Target).AbsolutePath;
            (seen.StartsWith("/v1/", StringComparison.Ordinal) || seen.StartsWith("/jobs/", StringComparison.Ordinal))
                .ShouldBeTrue(seen);
            Uri.UnescapeDataString(request.Target).ShouldNotContain("/../internal", Case.Insensitive);
        }
    }

    [Fact]
    public async Task Methods_bodies_headers_and_errors_pass_as_they_are()
    {
        await using var control = await Backend.Start(async http =>
        {
            http.Response.StatusCode = 422;
            http.Response.ContentType = "application/problem+json";
            http.Response.Headers["Idempotency-Replayed"] = "true";
            http.Response.Headers.Server = "secret/1.0";
            await http.Request.Body.CopyToAsync(http.Response.Body);
        });
        await using var door = new Door([control.Address]);
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/jobs/x");
        request.Content = new StringContent("body ä");
        request.Headers.Add("Idempotency-Key", "k1");
        var answer = await door.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("body ä");
        answer.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        answer.Headers.Contains("Server").ShouldBeFalse();
        var received = control.Requests.ShouldHaveSingleItem();
        received.Method.ShouldBe("PATCH");
        received.Headers["Idempotency-Key"].ShouldBe("k1");
    }

    [Fact]
    public async Task What_a_stranger_says_about_forwarding_is_replaced()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("ok"));
        await using var door = new Door([control.Address]);
        await RawHttp.Get(
            door.Address,
            "/v1/jobs",
            "X-Forwarded-For: 6.6.6.6",
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Prefix: /evil",
            "Forwarded: for=6.6.6.6");
        var headers = control.Requests.ShouldHaveSingleItem().Headers;
        headers["X-Forwarded-For"].ShouldBe("127.0.0.1");
        headers["X-Forwarded-Host"].ShouldBe("x");
        headers["X-Forwarded-Proto"].ShouldBe("http");
        headers.Keys.ShouldNotContain("X-Forwarded-Prefix");
        headers.Keys.ShouldNotContain("Forwarded");
    }

    [Theory]
    [InlineData("/api/paliadin/turn", """{"error":"No Control process can be reached."}""")]
    [InlineData("/jobs", """{"error":"No Control process can be reached."}""")]
    [InlineData("/api/chat", """{"error":"No Control process can be reached."}""")]
    [InlineData("/v1/chat/completions", """
        {"error":{"message":"No Control process can be reached.","type":"server_error","param":null,"code":"upstream_unavailable"}}
        """)]
    [InlineData("/v1/responses/resp_01J/cancel", """
        {"error":{"message":"No Control process can be reached.","type":"server_error","param":null,"code":"upstream_unavailable"}}
        """)]
    public async Task The_doors_own_errors_have_the_shape_of_the_wire(string path, string body)
    {
        await using var door = new Door(["http://127.0.0.1:1"]);
        using var answer = await door.Http.PostAsync(path, new StringContent("{}"));
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await answer.Content.ReadAsStringAsync()).ShouldBe(body.Trim());
    }

    [Theory]
    [InlineData("/api/paliadin/stream/x")]
    [InlineData("/api/paliadin/turns/x")]
    public async Task On_paliads_paths_of_one_turn_they_are_a_line_of_text(string path)
    {
        await using var door = new Door(["http://127.0.0.1:1"]);
        using var answer = await door.Http.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        (await answer.Content.ReadAsStringAsync()).ShouldBe("No Control process can be reached.\n");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1", "Fleet-Caller: 6.6.6.6")]
    [InlineData("127.0.0.1;proxied", "X-Forwarded-For: 127.0.0.1")]
    [InlineData("127.0.0.1;proxied", "X-Real-IP: 127.0.0.1", "Fleet-Caller: 127.0.0.1")]
    [InlineData("127.0.0.1;proxied", "Forwarded: for=127.0.0.1")]
    [InlineData("127.0.0.1;proxied", "Via: 1.1 proxy")]
    public async Task Where_a_caller_is_is_told_and_whether_a_proxy_is_between_that_nobody_knows(string told, params string[] headers)
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("ok"));
        await using var door = new Door([control.Address]);
        await RawHttp.Get(door.Address, "/api/tags", headers);
        control.Requests.ShouldHaveSingleItem().Headers.GetValueOrDefault("Fleet-Caller").ShouldBe(told);
    }

    [Fact]
    public async Task What_a_trusted_proxy_says_about_forwarding_is_believed()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("ok"));
        await using var door = new Door([control.Address], ("Edge:TrustedProxies:0", "127.0.0.0/8"));
        await RawHttp.Get(door.Address, "/v1/jobs", "X-Forwarded-For: 6.6.6.6, 7.7.7.7, 127.0.0.9");
        var headers = control.Requests.ShouldHaveSingleItem().Headers;
        headers["X-Forwarded-For"].ShouldBe("7.7.7.7"); // the first that is not trusted, from the near end
        headers["Fleet-Caller"].ShouldBe("7.7.7.7;proxied"); // 7.7.7.7 says that it is a proxy too

        await RawHttp.Get(door.Address, "/v1/jobs", "X-Forwarded-For: 7.7.7.7");
        control.Requests.Last().Headers["Fleet-Caller"].ShouldBe("7.7.7.7");
    }
}
