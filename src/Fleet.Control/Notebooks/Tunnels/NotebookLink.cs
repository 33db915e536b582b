using System.Collections.Concurrent;
using System.Net;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Notebooks.Tunnels;

/// <summary>Speaks HTTP with one run of a notebook's server, over tunnels that its agent opens.</summary>
internal sealed class NotebookLink : IDisposable
{
    private readonly TunnelExchange _tunnels;
    private readonly string _agent;
    private readonly Guid _work;
    private readonly int _attempt;
    private readonly TimeSpan _patience;
    private readonly ConcurrentQueue<Stream> _fresh = new();
    private readonly SemaphoreSlim _asking = new(1); // stays open when this is let go: somebody may have his turn then
    private volatile string? _token;

    public NotebookLink(TunnelExchange tunnels, string agent, Guid work, int attempt, NotebookSettings settings)
    {
        (_tunnels, _agent, _work, _attempt) = (tunnels, agent, work, attempt);
        _patience = TimeSpan.FromSeconds(settings.TunnelSeconds);
        Client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            MaxConnectionsPerServer = settings.MaxConnections,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(settings.KeepSeconds),
            ConnectCallback = async (_, stop) => await Connect(stop),
        });
    }

    public HttpMessageInvoker Client { get; }

    public DateTimeOffset UsedAt { get; set; }

    /// <summary>What the server wants to be shown: the first tunnel tells it, and many that ask at once wait for that one.</summary>
    /// <exception cref="ProblemException">503 <c>agent_unreachable</c> or 504 <c>agent_silent</c>.</exception>
    public async ValueTask<string> Token(CancellationToken stop)
    {
        if (_token is { } known)
            return known;
        if (!await _asking.WaitAsync(_patience, stop))
            throw new ProblemException(TunnelExchange.Silent(_agent));
        try
        {
            if (_token is { } told)
                return told;
            var tunnel = await _tunnels.Open(_agent, _work, _attempt, stop);
            _fresh.Enqueue(tunnel.Bytes);
            return _token = tunnel.Token;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        while (_fresh.TryDequeue(out var unused))
            unused.Dispose();
    }

    private async ValueTask<Stream> Connect(CancellationToken stop) =>
        _fresh.TryDequeue(out var fresh) ? fresh : (await _tunnels.Open(_agent, _work, _attempt, stop)).Bytes;
}
