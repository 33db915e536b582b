using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary><c>kill -9</c> of one or many processes at once, which are then started by <c>restart.sh</c>.</summary>
internal sealed class KillFault(ChaosFleet fleet, IReadOnlyList<string> targets) : IFault
{
    private static readonly string[] Servers = ["rabbitmq", "postgres"];

    private readonly List<IDisposable> _held = [];

    public async Task Begin(CancellationToken stop)
    {
        foreach (var target in targets.Order(StringComparer.Ordinal)) // so that two never wait for each other
            _held.Add(await fleet.Keeper.Hold(target));
        await Task.WhenAll(targets.Select(fleet.Processes.Kill));
    }

    /// <summary>The servers first: the others are ready only with them.</summary>
    public async Task End(CancellationToken stop)
    {
        try
        {
            foreach (var wave in targets.GroupBy(WaveOf).OrderBy(wave => wave.Key))
                await Task.WhenAll(wave.Select(target => fleet.Keeper.Restart(target, stop)));
        }
        finally
        {
            _held.ForEach(hand => hand.Dispose());
        }
    }

    private static int WaveOf(string process) =>
        Servers.Contains(process) ? 0
        : process.StartsWith("control-", StringComparison.Ordinal) ? 1
        : process.StartsWith("edge-", StringComparison.Ordinal) ? 2
        : 3;
}
