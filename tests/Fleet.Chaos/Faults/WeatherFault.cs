using Fleet.Chaos.Proxy;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>What passes between a process and the broker is held up, repeated or mixed.</summary>
/// <param name="target">Null means every process that has a relay.</param>
internal sealed class WeatherFault(Links links, string? target, Action<Weather> turn) : IFault
{
    public Task Begin(CancellationToken stop)
    {
        foreach (var relay in links.Of(target))
            turn(relay.Weather);
        return Task.CompletedTask;
    }

    public Task End(CancellationToken stop)
    {
        foreach (var relay in links.Of(target))
            relay.Weather.Clear();
        return Task.CompletedTask;
    }
}
