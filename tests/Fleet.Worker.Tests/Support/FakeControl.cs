using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Worker.Tests.Support;

/// <summary>
/// A control plane of a few lines on a port of its own: keeps what it is sent, answers as it is told.
/// </summary>
internal sealed class FakeControl : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeControl(WebApplication app) => _app = app;

    public string Url => _app.Services.GetRequiredService<IServer>().Features
        .GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>Chooses the answer; 200 when it says nothing else.</summary>
    public Func<Received, (int Status, string Body)> Answer { get; set; } = _ => (200, "");

    public static async Task<FakeControl> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var control = new FakeControl(app);
        app.Run(control.Serve);
        await app.StartAsync();
        return control;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Serve(HttpContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        var buffer = new byte[64 * 1024];
        var start = new MemoryStream();
        while (await context.Request.Body.ReadAsync(buffer) is > 0 and var length)
        {
            hash.AppendData(buffer, 0, length);
            size += length;
            if (start.Length < 4096)
                start.Write(buffer, 0, length);
        }

        var request = new Received(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.Authorization.ToString(),
            context.Request.Headers["Fleet-Agent"].ToString(),
            context.Request.ContentType,
            System.Text.Encoding.UTF8.GetString(start.ToArray()),
            size,
            Convert.ToHexStringLower(hash.GetHashAndReset()));
        Requests.Enqueue(request);
        var (status, body) = Answer(request);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    internal sealed record Received(
        string Method, string Target, string Authorization, string Agent, string? ContentType, string Body, long Size,
        string Sha256);
}
