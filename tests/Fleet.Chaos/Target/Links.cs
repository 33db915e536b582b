using System.Net;
using Fleet.Chaos.Proxy;

namespace Fleet.Chaos.Target;

/// <summary>The relays between processes and the broker, and between the island's agent and its edge.</summary>
internal sealed class Links : IDisposable
{
    private readonly Dictionary<string, List<Relay>> _byProcess = [];

    /// <summary>Processes whose network can be disturbed.</summary>
    public IReadOnlyCollection<string> Processes => _byProcess.Keys;

    public IEnumerable<Relay> All => _byProcess.Values.SelectMany(relays => relays);

    /// <returns>The port of a new relay.</returns>
    public int Add(string process, IPAddress address, int target, bool speaksAmqp)
    {
        var relay = new Relay(address, target, speaksAmqp);
        if (!_byProcess.TryGetValue(process, out var relays))
            _byProcess[process] = relays = [];
        relays.Add(relay);
        return relay.Port;
    }

    /// <param name="process">Null means every process that has relays.</param>
    public IEnumerable<Relay> Of(string? process) => process is null ? All : _byProcess[process];

    public void Dispose()
    {
        foreach (var relay in All)
            relay.Dispose();
    }
}
