using System.Security.Claims;
using Fleet.Client;
using Microsoft.AspNetCore.Components.Authorization;

namespace Fleet.Console.Access;

/// <summary>What a session knows of itself. It never leaves this side.</summary>
internal static class Session
{
    public const string Key = "fleet:key";
    public const string Tenant = "fleet:tenant";
}

/// <summary>Connections to the edge, shared by all sessions.</summary>
internal sealed class SharedHandler : IDisposable
{
    private readonly SocketsHttpHandler _handler = new()
    {
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

/// <summary>The fleet as whoever looks at these pages may see it.</summary>
internal sealed class FleetAccess(AuthenticationStateProvider who, FleetClients clients) : IDisposable
{
    private FleetClient? _client;

    /// <summary>The key of this session.</summary>
    public async Task<string> Key() => (await User()).FindFirstValue(Session.Key)
        ?? throw new InvalidOperationException("Nobody is logged in.");

    public async Task<FleetClient> Open() => _client ??= clients.With(await Key());

    public async Task<ClaimsPrincipal> User() => (await who.GetAuthenticationStateAsync()).User;

    public void Dispose() => _client?.Dispose();
}
