using System.Collections.Concurrent;
using Fleet.Contracts.Notebooks;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Notebooks.Tunnels;

/// <summary>
/// Has agents open tunnels to the notebooks they run, and hands each to whoever waits for it. It must come to the Control that
/// asked: another one says so, and the edge passes it on.
/// </summary>
internal sealed class TunnelExchange(IAgentChannel channel, NotebookSettings settings, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, WaitingTunnel> _waiting = new();

    /// <summary>To a notebook's server.</summary>
    /// <exception cref="ProblemException">503 <c>agent_unreachable too_many_tunnels</c> or 504 <c>agent_silent</c>.</exception>
    public Task<Tunnel> Open(string agent, Guid work, int attempt, CancellationToken stop) =>
        Ask(agent, tunnel => new OpenTunnel(tunnel, work, attempt), stop);

    /// <summary>With the files of a notebook's workspace, as a tar.</summary>
    /// <exception cref="ProblemException">503 <c>agent_unreachable too_many_tunnels</c> or 504 <c>agent_silent</c>.</exception>
    public Task<Tunnel> OfFiles(string agent, Guid work, int attempt, CancellationToken stop) =>
        Ask(agent, tunnel => new PackWorkspace(tunnel, work, attempt), stop);

    /// <summary>Null where nobody waits for it here.</summary>
    public WaitingTunnel? Find(Guid tunnel, string agent) =>
        _waiting.TryGetValue(tunnel, out var waiting) && waiting.Agent == agent ? waiting : null;

    public static ProblemResult Silent(string agent) =>
        new(504, "agent_silent", $"Agent {agent} did not connect the notebook in time.");

    private async Task<Tunnel> Ask(string agent, Func<Guid, object> words, CancellationToken stop)
    {
        var tunnel = Guid.CreateVersion7();
        var waiting = new WaitingTunnel(agent);
        Tunnel? arrived = null;
        _waiting[tunnel] = waiting;
        try
        {
            var patience = TimeSpan.FromSeconds(settings.TunnelSeconds);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            over.CancelAfter(patience);
            await channel.Tell(agent, words(tunnel), over.Token);
            return arrived = await waiting.Arrived.WaitAsync(patience, clock, stop);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new ProblemException(Silent(agent));
        }
        finally
        {
            _waiting.TryRemove(tunnel, out _);
            if (arrived is null)
                waiting.GiveUp();
        }
    }
}

/// <summary>A tunnel that was asked for.</summary>
internal sealed class WaitingTunnel(string agent)
{
    private readonly TaskCompletionSource<Tunnel> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Who is to open it.</summary>
    public string Agent => agent;

    public Task<Tunnel> Arrived => _arrived.Task;

    /// <returns>False when nobody waits any more.</returns>
    public bool Arrive(Tunnel tunnel) => _arrived.TrySetResult(tunnel);

    /// <summary>The agent makes no more connections to this notebook.</summary>
    public void Refuse() => _arrived.TrySetException(new ProblemException(Problem.Unavailable(
        "too_many_tunnels", $"Agent {agent} makes no more connections to this notebook at the moment.")));

    /// <summary>Nobody waits any more; what came at that very moment is closed.</summary>
    public void GiveUp()
    {
        if (!_arrived.TrySetCanceled() && _arrived.Task.IsCompletedSuccessfully)
            _arrived.Task.Result.Bytes.Dispose();
    }
}

/// <summary>A connection to a notebook's server.</summary>
/// <param name="Token">What the server wants to be shown.</param>
internal sealed record Tunnel(TunnelStream Bytes, string Token);
