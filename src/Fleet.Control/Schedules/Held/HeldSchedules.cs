using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Agents;

namespace Fleet.Control.Schedules.Held;

/// <summary>Schedules that agents hold, for those who speak with agents.</summary>
internal sealed class HeldSchedules(HeldScheduleStore store, HeldFires fires) : IHeldSchedules
{
    public async Task<HoldSchedules> Of(string agent, CancellationToken stop) =>
        HeldScheduleStore.Wanted(await store.Rows(agent, stop));

    public Task Applied(string agent, long version, DateTimeOffset? at, CancellationToken stop) =>
        store.Confirm(agent, version, at, stop);

    public Task<HeldFire> Fired(string agent, Guid schedule, DateTimeOffset due, CancellationToken stop) =>
        fires.Record(agent, schedule, due, stop);
}
