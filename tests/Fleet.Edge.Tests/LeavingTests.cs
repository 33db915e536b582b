using System.Net;
using Fleet.Hosting;
using Fleet.Hosting.Stops;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Edge.Tests;

/// <summary>How a process stops that others hand requests to.</summary>
public sealed class LeavingTests
{
    [Fact]
    public async Task It_serves_until_those_who_ask_regularly_have_heard_that_it_stops()
    {
        var clock = new FakeTimeProvider();
        await using var app = await Start(clock);
        using var edge = Client(app, "edge-1");
        using var another = Client(app, "edge-2");
        foreach (var prober in (HttpClient[])[edge, another, edge, another])
            (await prober.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var stopped = Task.Run(() => app.StopAsync());
        await Eventually.True(
            async () => (await edge.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable, "it says that it stops");
        var over = app.Services.GetRequiredService<Leaving>().Over;
        over.IsCancellationRequested.ShouldBeFalse("one of them has not heard it");
        (await edge.GetStringAsync("/work")).ShouldBe("done");
        (await another.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await Eventually.True(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(50));
                return stopped.IsCompleted;
            },
            "it has stopped");
        await stopped;
        over.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task It_waits_for_nobody_who_asked_once()
    {
        await using var app = await Start(TimeProvider.System);
        using var somebody = Client(app, "once");
        await somebody.GetAsync("/health/ready");
        await app.StopAsync().Within();
    }

    private static HttpClient Client(WebApplication app, string name)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Add(FleetHealth.ProberHeader, name);
        return http;
    }

    private static async Task<WebApplication> Start(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Configuration["Stop:DrainSeconds"] = "60";
        builder.Services.AddSingleton(clock);
        builder.Services.AddFleetHealth();
        var app = builder.Build();
        app.MapFleetHealth();
        app.MapGet("/work", () => "done");
        await app.StartAsync();
        return app;
    }
}
