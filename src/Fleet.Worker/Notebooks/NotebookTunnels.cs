using System.Net.Sockets;
using System.Net.WebSockets;
using Fleet.Contracts.Notebooks;
using Fleet.Worker.Platform.Linux;
using Fleet.Worker.Platform.Processes;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Notebooks;

/// <summary>
/// Joins connections to notebooks here with WebSockets that this agent opens to Control, as whoever uses a notebook cannot reach
/// this host. A tunnel that nobody can be waiting for any more is left alone.
/// </summary>
internal sealed class NotebookTunnels(
    RunningNotebooks running, TunnelShares shares, ControlClient control, WorkerSettings settings, ILogger<NotebookTunnels> log)
{
    private TimeSpan Patience => TimeSpan.FromSeconds(settings.Notebooks.StartSeconds);

    public void Take(OpenTunnel wanted) => _ = Task.Run(() => Open(wanted, Join));

    public void Take(PackWorkspace wanted) =>
        _ = Task.Run(() => Open(new OpenTunnel(wanted.Tunnel, wanted.WorkId, wanted.Attempt), Send));

    private async Task Open(OpenTunnel wanted, Func<OpenTunnel, RunningNotebook, CancellationToken, Task> use)
    {
        if (running.Find(wanted.WorkId, wanted.Attempt) is not { } notebook)
            return;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var share = shares.Take(wanted.WorkId, wanted.Attempt);
            if (share == TunnelShare.Taken)
                await Use(wanted, notebook, use, patience.Token);
            else
                await Refuse(wanted, share, patience.Token);
        }
        catch (Exception broken) when (broken is WebSocketException or HttpRequestException or SocketException or IOException
            or UnauthorizedAccessException or TimeoutException or OperationCanceledException or ChildStartException)
        {
            log.TunnelBroken(broken.Message);
        }
    }

    private async Task Use(
        OpenTunnel wanted, RunningNotebook notebook, Func<OpenTunnel, RunningNotebook, CancellationToken, Task> use,
        CancellationToken patience)
    {
        try
        {
            await use(wanted, notebook, patience);
        }
        finally
        {
            shares.Give(wanted.WorkId, wanted.Attempt);
        }
    }

    /// <summary>Whoever waits is told at once.</summary>
    private async Task Refuse(OpenTunnel wanted, TunnelShare share, CancellationToken patience)
    {
        if (share == TunnelShare.NoneAtAll)
            log.TooManyTunnels(settings.Notebooks.MaxTunnels);
        else
            log.TooManyTunnelsOfOne(settings.Notebooks.MaxTunnelsEach);
        using var refused = await Connect(wanted, (OpenTunnel.RefusedHeader, "true"), patience);
    }

    private async Task Join(OpenTunnel wanted, RunningNotebook notebook, CancellationToken patience)
    {
        var server = notebook.Server;
        await server.Ready.WaitAsync(patience);
        await using var near = await server.Connect(patience);
        using var socket = await Connect(wanted, (OpenTunnel.TokenHeader, server.Token), patience);
        await using var far = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
        using var over = new CancellationTokenSource();
        var both = (Task[])[near.CopyToAsync(far, over.Token), far.CopyToAsync(near, over.Token)];
        await Task.WhenAny(both); // who closes one half has nothing to hear any more
        await over.CancelAsync();
        await Task.WhenAny(Task.WhenAll(both)); // however that ends
    }

    /// <summary>Closes the socket when all is sent, and not otherwise.</summary>
    private async Task Send(OpenTunnel wanted, RunningNotebook notebook, CancellationToken patience)
    {
        using var socket = await Connect(wanted, (OpenTunnel.TokenHeader, ""), patience);
        using var tar = notebook.Workspace.Read();
        var heard = socket.ReceiveAsync(new byte[1], CancellationToken.None); // nothing but the end, or that it is not wanted any more
        var far = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
        var all = Task.WhenAll(
            tar.Output.CopyToAsync(far, CancellationToken.None), tar.Error.CopyToAsync(Stream.Null, CancellationToken.None));
        var isWanted = await Task.WhenAny(all, heard) == all && all.IsCompletedSuccessfully;
        if (!isWanted)
            tar.Signal(Signals.Kill);
        await tar.Ended;
        var code = tar.Reap().ExitCode; // also of one that nobody listens to any more
        await all;
        if (code != 0)
        {
            if (isWanted)
                log.WorkspaceNotPacked(code);
            socket.Abort();
            return;
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await Task.WhenAny(heard, Task.Delay(Patience, CancellationToken.None)); // until it has been read
    }

    private Task<WebSocket> Connect(OpenTunnel wanted, (string Name, string Value) header, CancellationToken stop) =>
        control.Connect($"v1/agents/{settings.Name}/tunnels/{wanted.Tunnel:N}", header, stop);
}
