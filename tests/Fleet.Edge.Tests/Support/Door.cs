using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Fleet.Edge.Tests.Support;

/// <summary>The real edge on a free port of this machine, in front of the given Controls.</summary>
public sealed class Door : WebApplicationFactory<Program>
{
    private readonly (string Key, string Value)[] _settings;

    public Door(IEnumerable<string> controls, params (string Key, string Value)[] settings)
    {
        _settings =
        [
            ("urls", "http://127.0.0.1:0"),
            ("Edge:ProbeSeconds", "0.1"),
            .. controls.Select((url, i) => ($"Edge:Controls:{i}", url)),
            .. settings,
        ];
        UseKestrel();
        StartServer();
        Address = ClientOptions.BaseAddress;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>A plain client; unlike a browser's it keeps no cookies and follows nothing.</summary>
    public HttpClient Http { get; }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Http.Dispose();
        base.Dispose(disposing);
    }
}
