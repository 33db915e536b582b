using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>The broker has lost a process's connections, and the process is told only at the end.</summary>
internal sealed class HalfOpenFault(Links links, string target) : IFault
{
    public Task Begin(CancellationToken stop)
    {
        foreach (var relay in links.Of(target))
            relay.HalfOpen();
        return Task.CompletedTask;
    }

    public Task End(CancellationToken stop)
    {
        foreach (var relay in links.Of(target))
            relay.Reset();
        return Task.CompletedTask;
    }
}
