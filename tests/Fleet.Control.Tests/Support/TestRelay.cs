using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Control.Tests.Support;

/// <summary>A way to a server that can be cut (nothing listens any more) or stalled (nothing passes any more).</summary>
internal sealed class TestRelay(string host, int port) : IAsyncDisposable
{
    private readonly ConcurrentBag<TcpClient> _ends = [];
    private TcpListener _listener = Listen(0);
    private volatile bool _stalled;
    private volatile bool _cut;
    private Task _accepting = Task.CompletedTask;

    public int Port { get; private set; }

    public TestRelay Start()
    {
        _cut = false;
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Accept();
        return this;
    }

    public void Stall() => _stalled = true;

    public async Task Cut()
    {
        _cut = true;
        _listener.Stop();
        DisposeEnds();
        await _accepting;
    }

    public void Mend()
    {
        _listener = Listen(Port);
        Start();
    }

    public async ValueTask DisposeAsync() => await Cut();

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }

    private void DisposeEnds()
    {
        while (_ends.TryTake(out var end))
            end.Dispose();
    }

    private async Task Accept()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync();
                var far = new TcpClient();
                _ends.Add(near);
                _ends.Add(far);
                await far.ConnectAsync(host, port);
                passing.Add(Pass(near, far));
                passing.Add(Pass(far, near));
            }
        }
        catch (Exception) when (_cut)
        {
            DisposeEnds(); // one may have come in while the others were cut
            await Task.WhenAll(passing);
        }
    }

    private async Task Pass(TcpClient from, TcpClient to)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                if (!_stalled)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException or InvalidOperationException)
        {
        }

        from.Dispose();
        to.Dispose();
    }
}
