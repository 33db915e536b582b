using System.Text.Json;
using Fleet.Bench.Target;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Bench.References;

/// <summary>The least HTTP before a reference: <c>POST /v1/jobs</c> with one job or a list, answered 202.</summary>
internal sealed class ReferenceServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReferenceServer(WebApplication app, FleetApi api)
    {
        _app = app;
        Api = api;
    }

    /// <summary>A client of this server.</summary>
    public FleetApi Api { get; }

    public static async Task<ReferenceServer> Start(IReference reference, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapPost("/v1/jobs", (HttpContext request) => Submit(reference, request));
        await app.StartAsync(stop);
        var server = app.Services.GetRequiredService<IServer>();
        var address = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new ReferenceServer(app, new FleetApi(new Uri(address), "none"));
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task Submit(IReference reference, HttpContext request)
    {
        using var body = await JsonDocument.ParseAsync(request.Request.Body, cancellationToken: request.RequestAborted);
        var isList = body.RootElement.ValueKind == JsonValueKind.Array;
        IEnumerable<JsonElement> asked = isList ? body.RootElement.EnumerateArray() : [body.RootElement];
        var jobs = asked.Select(job => Accept(job.GetProperty("kind").GetString()!)).ToArray();
        await reference.Submit([.. jobs.Select(job => Guid.Parse(job.JobId))], request.RequestAborted);
        request.Response.StatusCode = StatusCodes.Status202Accepted;
        if (isList)
            await request.Response.WriteAsJsonAsync(new { Items = jobs }, FleetApi.SnakeCase);
        else
            await request.Response.WriteAsJsonAsync(jobs[0], FleetApi.SnakeCase);
    }

    private static JobView Accept(string kind) =>
        kind == "noop"
            ? new(Guid.CreateVersion7().ToString(), "queued", DateTimeOffset.UtcNow, null, null)
            : throw new BadHttpRequestException($"The reference does no {kind}.");
}
