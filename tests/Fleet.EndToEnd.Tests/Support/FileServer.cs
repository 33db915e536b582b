using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>A server with one file.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FileServer(WebApplication app, string path) => (_app, Url) = (app, app.Urls.First() + path);

    public string Url { get; }

    public static async Task<FileServer> Start(string path, string content)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapGet(path, () => Results.Text(content));
        await app.StartAsync();
        return new FileServer(app, path);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
