using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Fleet.Control.Tests.Platform.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Tests.Webhooks.Support;

/// <summary>A real server that is told of things; it can be down, and answer as a test likes.</summary>
internal sealed class TestReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly int _port = FreePort();
    private WebApplication? _app;

    /// <summary>How a call is answered; 200 unless a test says otherwise.</summary>
    public Func<Call, HttpResponse, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public string Url => $"http://127.0.0.1:{_port}/hook";

    /// <summary>All calls that came, also those that were answered with an error.</summary>
    public IReadOnlyList<Call> Calls => [.. _calls];

    public static async Task<TestReceiver> Start()
    {
        var receiver = new TestReceiver();
        await receiver.Up();
        return receiver;
    }

    public async Task Up()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        _app = builder.Build();
        _app.Run(Take);
        await _app.StartAsync();
    }

    /// <summary>States that a job was told to be in, of calls that were taken, in their order.</summary>
    public string[] StatesOf(Guid job) =>
        [.. Calls.Where(call => call.Taken && call.About == job).Select(call => call.News.GetProperty("state").GetString()!)];

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var call = new Call(
            context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            body.ToArray());
        _calls.Enqueue(call);
        await Answer(call, context.Response);
        call.Taken = context.Response.StatusCode is >= 200 and < 300;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>What came.</summary>
internal sealed record Call(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public bool Taken { get; set; }

    public JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement;

    /// <summary>Without the envelope that endpoints get.</summary>
    public JsonElement News => Json.TryGetProperty("data", out var data) ? data : Json;

    public Guid? About => News.TryGetProperty("job_id", out var id)
        && Fleet.Protocol.Ids.WireId.TryParse(id.GetString(), out var job) ? job : null;
}
