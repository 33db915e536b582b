using Fleet.Chaos.Target;

namespace Fleet.Chaos.Faults;

/// <summary>The database ends in immediate mode, as <c>pg_ctl -m immediate</c> does it, and comes back.</summary>
internal sealed class RestartPostgresFault(ChaosFleet fleet) : IFault
{
    private IDisposable? _held;

    public async Task Begin(CancellationToken stop)
    {
        _held = await fleet.Keeper.Hold("postgres");
        await fleet.Processes.QuitPostgres();
    }

    public async Task End(CancellationToken stop)
    {
        using (_held)
            await fleet.Keeper.Restart("postgres", stop);
    }
}
