using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Cli.Tests.Support;

/// <summary>A fleet behind TLS that knows one key.</summary>
internal sealed class SecureFleet : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SecureFleet(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public static async Task<SecureFleet> Start(OwnTls tls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, socket => socket.UseHttps(tls.Certificate)));
        var app = builder.Build();
        app.Run(context => FakeFleet.Write(context, 200, Samples.ApiKey()));
        await app.StartAsync();
        return new SecureFleet(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
