using System.Security.Claims;
using Fleet.Client;
using Fleet.Hosting;
using Microsoft.AspNetCore.Components.Authorization;

namespace Fleet.Console.Access;

/// <summary>What a session knows of itself. It never leaves this side.</summary>
internal static class Session
{
    public const string Key = "fleet:key";
    public const string Tenant = "fleet:tenant";

    /// <summary>The name of its file.</summary>
    public const string File = "fleet:file";
}

/// <summary>Connections to the edge, shared by all sessions.</summary>
internal sealed class SharedHandler(ConsoleSettings settings) : IDisposable
{
    private readonly SocketsHttpHandler _handler = new()
    {
        SslOptions = Authorities.ClientOptions(settings.CaFile),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = 500,
        UseProxy = false,
        UseCookies = false,
    };

    public HttpMessageHandler Lend() => new Lent(new HttpMessageInvoker(_handler, disposeHandler: false));

    public void Dispose() => _handler.Dispose();

    /// <summary>Who is done with it leaves the connections to the others.</summary>
    private sealed class Lent(HttpMessageInvoker shared) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            shared.SendAsync(request, cancellationToken);
    }
}

/// <summary>Makes clients of the public API.</summary>
internal sealed class FleetClients(ConsoleSettings settings, SharedHandler connections)
{
    public FleetClient With(string key) => new(
        new FleetClientOptions
        {
            Url = settings.Fleet,
            Key = key,
            Retries = 2,
            RequestTime = TimeSpan.FromSeconds(70),
            LongestPause = TimeSpan.FromSeconds(2),
            StreamPatience = TimeSpan.FromHours(12),
            UserAgent = "fleet-console",
        },
        connections.Lend());
}

/// <summary>The fleet as whoever looks at these pages may see it, as long as the session lasts.</summary>
internal sealed class FleetAccess(AuthenticationStateProvider who, FleetClients clients, SessionWatch sessions) : IDisposable
{
    private FleetClient? _client;
    private IDisposable? _watching;
    private volatile bool _isOver;

    /// <summary>The session has ended; on no thread in particular.</summary>
    public Action? Ended { get; set; }

    /// <summary>The key of this session.</summary>
    /// <exception cref="SessionEndedException">It has ended.</exception>
    public async Task<string> Key()
    {
        var user = await User();
        return _isOver ? throw new SessionEndedException() : user.FindFirstValue(Session.Key)
            ?? throw new InvalidOperationException("Nobody is logged in.");
    }

    /// <exception cref="SessionEndedException">The session has ended.</exception>
    public async Task<FleetClient> Open()
    {
        var key = await Key();
        return _client ??= clients.With(key);
    }

    public async Task<ClaimsPrincipal> User()
    {
        var user = (await who.GetAuthenticationStateAsync()).User;
        if (_watching is null && user.FindFirstValue(Session.File) is { } session)
            _watching = sessions.Watch(session, End);
        return user;
    }

    public void Dispose()
    {
        _watching?.Dispose();
        _client?.Dispose();
    }

    private void End()
    {
        _isOver = true;
        Ended?.Invoke();
    }
}

/// <summary>Somebody logged out, here or on another page.</summary>
internal sealed class SessionEndedException() : Exception("This session has ended.");
