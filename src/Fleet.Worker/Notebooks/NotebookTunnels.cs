using System.Net.Sockets;
using System.Net.WebSockets;
using Fleet.Contracts.Notebooks;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Notebooks;

/// <summary>
/// Joins connections to notebooks here with WebSockets that this agent opens to Control, as whoever uses a notebook cannot reach
/// this host. A tunnel that nobody can be waiting for any more is left alone.
/// </summary>
internal sealed class NotebookTunnels(
    RunningNotebooks running, ControlClient control, WorkerSettings settings, ILogger<NotebookTunnels> log)
{
    private int _open;

    public void Take(OpenTunnel wanted) => _ = Task.Run(() => Open(wanted));

    private async Task Open(OpenTunnel wanted)
    {
        if (running.Find(wanted.WorkId, wanted.Attempt) is not { } server)
            return;
        try
        {
            if (Interlocked.Increment(ref _open) > settings.Notebooks.MaxTunnels)
                log.TooManyTunnels(settings.Notebooks.MaxTunnels);
            else
                await Join(wanted, server);
        }
        catch (Exception broken) when (broken is WebSocketException or HttpRequestException or SocketException or IOException
            or TimeoutException or OperationCanceledException)
        {
            log.TunnelBroken(broken.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task Join(OpenTunnel wanted, NotebookServer server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(settings.Notebooks.StartSeconds));
        await server.Ready.WaitAsync(patience.Token);
        await using var near = await server.Connect(patience.Token);
        using var socket = await control.Connect(
            $"v1/agents/{settings.Name}/tunnels/{wanted.Tunnel:N}", (OpenTunnel.TokenHeader, server.Token), patience.Token);
        await using var far = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
        using var over = new CancellationTokenSource();
        var both = (Task[])[near.CopyToAsync(far, over.Token), far.CopyToAsync(near, over.Token)];
        await Task.WhenAny(both); // who closes one half has nothing to hear any more
        await over.CancelAsync();
        await Task.WhenAny(Task.WhenAll(both)); // however that ends
    }
}
