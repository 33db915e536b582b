using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Edge.Tests.Support;

/// <summary>Stands where a Control would: a real server that remembers what reached it.</summary>
public sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Backend(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public ConcurrentQueue<Received> Requests { get; } = new();

    public bool Ready { get; set; } = true;

    /// <param name="answer">Answers everything but the health probe.</param>
    /// <param name="certificate">What it shows at an https address.</param>
    public static async Task<Backend> Start(RequestDelegate answer, string url = "http://127.0.0.1:0", X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
        });
        var app = builder.Build();
        var backend = new Backend(app);
        app.UseWebSockets();
        app.Run(http => backend.Serve(http, answer));
        await app.StartAsync();
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }

    private Task Serve(HttpContext http, RequestDelegate answer)
    {
        if (http.Request.Path == "/health/ready")
        {
            http.Response.StatusCode = Ready ? 200 : 503;
            return Task.CompletedTask;
        }

        var headers = http.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var target = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        Requests.Enqueue(new Received(http.Request.Method, target, headers));
        return answer(http);
    }
}

/// <summary>One request as it arrived.</summary>
public sealed record Received(string Method, string Target, IReadOnlyDictionary<string, string> Headers);
