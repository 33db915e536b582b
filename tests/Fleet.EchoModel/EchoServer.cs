using System.Net;
using System.Net.Sockets;
using Fleet.EchoModel.Aichat;

namespace Fleet.EchoModel;

/// <summary>
/// An upstream without a model: it speaks Ollama's, OpenAI's and aichat's protocol and answers with what it was asked,
/// word by word, always the same. It is told by <see cref="Script"/>, or <c>/echo/behaviour</c>, when to be slow or to fail.
/// </summary>
public sealed class EchoServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _steps = new(0);
    private WebApplication? _app;

    private EchoServer(string url) => Url = url;

    public string Url { get; }

    public EchoModels Models { get; } = new();

    public EchoScript Script { get; } = new();

    public EchoCounts Counts { get; } = new();

    public EchoConversations Conversations { get; } = new();

    /// <param name="url">Null means a free port of this machine.</param>
    public static async Task<EchoServer> Start(string? url = null)
    {
        var server = new EchoServer(url ?? $"http://127.0.0.1:{FreePort()}");
        await server.Up();
        return server;
    }

    /// <summary>Listens again, under the same address, with nothing in memory.</summary>
    public async Task Up()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        _app = builder.Build();
        _app.Use(Count);
        _app.MapOllama(this);
        _app.MapOpenAi(this);
        _app.MapAichat(this);
        _app.MapEcho(this);
        Models.Unload();
        await _app.StartAsync();
    }

    /// <summary>Nobody listens any more, and what was being answered is cut off.</summary>
    public async Task Down()
    {
        if (_app is not { } app)
            return;
        _app = null;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>Lets one waiting frame go.</summary>
    public void Step() => _steps.Release();

    internal Task Stepped(CancellationToken stop) => _steps.WaitAsync(stop);

    public Task Ended() => _app?.WaitForShutdownAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Down();
        _steps.Dispose();
    }

    private Task Count(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/echo", StringComparison.Ordinal))
            Counts.Request(context.Request.Path, context.Request.Headers.Authorization.ToString());
        return next(context);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
