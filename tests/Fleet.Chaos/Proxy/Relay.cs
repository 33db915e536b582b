using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Chaos.Proxy;

/// <summary>A TCP relay before one server, for one process, with a weather of its own.</summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly bool _speaksAmqp;
    private readonly ConcurrentDictionary<RelayedConnection, byte> _open = [];
    private int _count;

    /// <param name="speaksAmqp">Else bytes pass as they are.</param>
    public Relay(IPAddress address, int target, bool speaksAmqp)
    {
        (_target, _speaksAmqp) = (target, speaksAmqp);
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Weather Weather { get; } = new();

    public int Duplicated => _open.Keys.Sum(connection => connection.Duplicated) + _duplicatedBefore;

    public int Shuffled => _open.Keys.Sum(connection => connection.Shuffled) + _shuffledBefore;

    private int _duplicatedBefore;
    private int _shuffledBefore;

    /// <summary>Both ends of every connection are told that it is gone (RST).</summary>
    public void Reset()
    {
        foreach (var connection in _open.Keys)
            connection.Reset();
    }

    /// <summary>The server loses every connection; the process is not told.</summary>
    public void HalfOpen()
    {
        foreach (var connection in _open.Keys)
            connection.HalfOpen();
    }

    public void Dispose()
    {
        _listener.Dispose();
        Reset();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Carry(await _listener.AcceptSocketAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // the relay is gone
        }
    }

    private async Task Carry(Socket client)
    {
        using var connection = new RelayedConnection(client, Weather, new Random(Interlocked.Increment(ref _count)));
        _open.TryAdd(connection, 0);
        await connection.Carry(_target, _speaksAmqp);
        _open.TryRemove(connection, out _);
        Interlocked.Add(ref _duplicatedBefore, connection.Duplicated);
        Interlocked.Add(ref _shuffledBefore, connection.Shuffled);
    }
}
