using System.Net;
using System.Text.Json;
using Fleet.Edge.Tests.Support;
using Fleet.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Fleet.Edge.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task The_door_lives_without_Controls_and_is_ready_with_one()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("ok"));
        control.Ready = false;
        await using var door = new Door([control.Address, "http://127.0.0.1:1"]);
        (await door.Http.GetStringAsync("/health/live")).ShouldBe("""{"status":"ok"}""");
        var answer = await door.Http.GetAsync("/health/ready");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        body.GetProperty("status").GetString().ShouldBe("unready");
        body.GetProperty("checks").GetProperty("controls").GetString().ShouldBe("No Control process is ready.");

        control.Ready = true;
        await Eventually.True(async () => (await door.Http.GetAsync("/health/ready")).IsSuccessStatusCode, "it is ready");
        (await door.Http.GetStringAsync("/health/ready")).ShouldBe("""{"status":"ok","checks":{"controls":"ok"}}""");
        control.Ready = false;
        await Eventually.True(async () => !(await door.Http.GetAsync("/health/ready")).IsSuccessStatusCode, "it is not");
    }

    [Fact]
    public async Task HEAD_is_answered_as_GET_without_a_body()
    {
        await using var control = await Backend.Start(http => http.Response.WriteAsync("ok"));
        await using var door = new Door([control.Address]);
        await Eventually.True(async () => (await door.Http.GetAsync("/health/ready")).IsSuccessStatusCode, "it is ready");
        foreach (var path in (string[])["/health/live", "/health/ready", "/metrics", "/api/tags", "/nothing"])
        {
            using var get = await door.Http.GetAsync(path);
            using var head = await door.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
            head.StatusCode.ShouldBe(get.StatusCode, path);
            (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        }

        control.Requests.Select(request => request.Method).ShouldBe(["GET", "HEAD"]);
    }

    [Theory]
    [InlineData("/api/pull", "{\"error\":\"")]
    [InlineData("/api/blobs/x", "{\"error\":\"")]
    [InlineData("/elsewhere", "{\"type\":\"urn:fleet:problem:not_found\"")]
    public async Task An_unknown_path_is_refused_in_the_words_of_its_wire(string path, string beginning)
    {
        await using var door = new Door([]);
        using var answer = await door.Http.PostAsync(path, null);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldStartWith(beginning);
    }

    [Fact]
    public async Task Only_checks_that_decide_make_a_process_unready()
    {
        var database = HealthCheckResult.Healthy();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddFleetHealth()
            .AddCheck("masstransit-bus", () => HealthCheckResult.Unhealthy("The broker is away."), ["ready"])
            .AddCheck("database", () => database, [FleetHealth.Decides]);
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapFleetHealth();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        (await http.GetStringAsync("/health/ready"))
            .ShouldBe("""{"status":"ok","checks":{"masstransit-bus":"The broker is away.","database":"ok"}}""");
        database = HealthCheckResult.Unhealthy("The database does not answer.");
        var answer = await http.GetAsync("/health/ready");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("The database does not answer.");
    }
}
